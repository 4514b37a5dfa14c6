"""Sandbox Ashby: the RPC API over one set of fictional records."""

from sandboxes.ashby.app import create_app, create_sandbox
from sandboxes.ashby.seeding import CREDENTIALS, seed
from sandboxes.ashby.state import State

__all__ = ["CREDENTIALS", "State", "create_app", "create_sandbox", "seed"]
