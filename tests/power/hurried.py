"""The door with hours made seconds: what the hub has settled is deleted soon. Only for tests.

python -m tests.power.hurried run --config kiosk.toml
"""

import sys

from kiosk import housekeeping
from kiosk.__main__ import main
from kiosk.journal import retention

if __name__ == "__main__":
    housekeeping._TIME_EVERY_MS = 100
    retention.COUNT_EVERY_MS = 200
    retention.KEEP_POWERED_MS = 400
    sys.exit(main())
