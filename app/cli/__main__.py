"""`python -m app.cli` is `omniats` where the package is not installed."""

from app.cli import main

main()
