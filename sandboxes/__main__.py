"""`python -m sandboxes greenhouse --port 9001`."""

import argparse

from sandboxes.registry import SANDBOXES, serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="sandboxes", description="Run the sandbox of a vendor.")
    parser.add_argument("slug", choices=sorted(SANDBOXES))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9001)
    options = parser.parse_args()
    serve(options.slug, options.host, options.port)


if __name__ == "__main__":
    main()
