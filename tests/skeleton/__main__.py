"""`make provider NAME=x`: writes the skeleton of a provider and says what comes next."""

import subprocess
import sys
from pathlib import Path

from skeleton import Refused, write

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> None:
    """Write it, in the form the linter wants."""
    if len(arguments) != 1 or not arguments[0]:
        sys.exit("make provider NAME=x, where x is the vendor's slug, for example zoho-recruit")
    (slug,) = arguments
    try:
        written = write(ROOT, slug)
    except Refused as refusal:
        sys.exit(str(refusal))
    written.append(ROOT / "providers" / "registry.py")
    modules = [path for path in written if path.suffix == ".py"]
    for command in (["check", "--select", "I", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, "--quiet", *modules], check=True, cwd=ROOT)
    for path in written:
        print(path.relative_to(ROOT))
    print(
        "\nIt is still without a sandbox: sandboxes/README.md says what one is."
        f"\nWhat is left to do, in words:  make test ARGS='tests/conformance -k {slug}'"
        "\nHow to do it, on an example:   docs/adding-a-provider.md"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
