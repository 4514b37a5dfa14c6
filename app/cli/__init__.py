"""The command line: `omniats`."""

import logging
import sys

from app.cli.commands import cli
from app.cli.problems import EXPECTED, sentence

log = logging.getLogger(__name__)


def main() -> None:
    """Run the command line. What goes wrong is one line on stderr and exit code 1."""
    try:
        cli()
    except EXPECTED as error:
        log.debug("The command failed.", exc_info=True)
        sys.stderr.write(f"omniats: {sentence(error)}\n")
        sys.exit(1)
