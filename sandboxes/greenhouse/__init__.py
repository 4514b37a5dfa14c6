"""Sandbox Greenhouse: Harvest v1/v2 and v3 over one set of fictional records."""

from sandboxes.greenhouse.app import create_app, create_sandbox
from sandboxes.greenhouse.seeding import ADMIN, COORDINATOR, CREDENTIALS, RECRUITER, SERVICE, seed
from sandboxes.greenhouse.state import State

__all__ = [
    "ADMIN",
    "COORDINATOR",
    "CREDENTIALS",
    "RECRUITER",
    "SERVICE",
    "State",
    "create_app",
    "create_sandbox",
    "seed",
]
