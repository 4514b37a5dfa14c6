"""`make migrations`: up, down and up on a new database, which must then be what the code declares."""

import sys
import tempfile
from pathlib import Path

from databases import Databases

from app.database import open_engine
from app.migrate import differences, downgrade, upgrade


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        databases = Databases(Path(scratch))
        url = databases.blank(Path(scratch))
        upgrade(url)
        downgrade(url)
        upgrade(url)
        engine = open_engine(url)
        found = differences(engine)
        engine.dispose()
        databases.drop_all()
    for difference in found:
        print(difference, file=sys.stderr)
    sys.exit("The migrations and the code differ." if found else 0)


if __name__ == "__main__":
    main()
