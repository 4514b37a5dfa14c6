"""The queues that tests call workers over."""

import pytest
from world import REDIS

on_every_queue = pytest.mark.parametrize("queue", ["beside", *(["redis"] if REDIS else [])], indirect=True)
"""The mark of tests in which calls reach workers: run on Redis too, where one is named."""
