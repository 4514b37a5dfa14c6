"""Sandboxes: stateful fakes of the vendors' APIs, for tests, demos and development."""

from sandboxes.registry import CREDENTIALS, DEMO, SANDBOXES, serve

__all__ = ["CREDENTIALS", "DEMO", "SANDBOXES", "serve"]
