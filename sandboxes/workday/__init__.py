"""Sandbox Workday: the SOAP services Recruiting and Human_Resources over fictional records."""

from sandboxes.workday.app import create_app, create_sandbox
from sandboxes.workday.control import overload
from sandboxes.workday.seeding import CREDENTIALS, seed
from sandboxes.workday.state import State

__all__ = ["CREDENTIALS", "State", "create_app", "create_sandbox", "overload", "seed"]
