"""Fixtures of the contract's tests."""

from browsing import browser, page  # noqa: F401 - fixtures
