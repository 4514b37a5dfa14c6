"""Sandbox Lever: the Data API v1 over a set of fictional records."""

from sandboxes.lever.app import create_app, create_sandbox
from sandboxes.lever.seeding import ADMIN, COORDINATOR, CREDENTIALS, RECRUITER, seed
from sandboxes.lever.state import State

__all__ = [
    "ADMIN",
    "COORDINATOR",
    "CREDENTIALS",
    "RECRUITER",
    "State",
    "create_app",
    "create_sandbox",
    "seed",
]
