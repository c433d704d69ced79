"""The door with a journal that does not wait for the card: only for tests, as a control.

python -m tests.power.weakened OFF run --config kiosk.toml
"""

import sys

import apsw

from kiosk.__main__ import main
from kiosk.journal import database


def weaken(synchronous: str) -> None:
    """Have every journal of this process opened as the door does, then with this pragma."""
    configure = database._configure

    def configure_and_weaken(connection: apsw.Connection) -> None:
        configure(connection)
        connection.execute(f"PRAGMA synchronous={synchronous}")

    database._configure = configure_and_weaken


if __name__ == "__main__":
    weaken(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
