"""The door, which lets strace take hold of it while it runs: only for tests.

python -m tests.power.traceable run --config kiosk.toml
"""

import ctypes
import sys

from kiosk.__main__ import main

# prctl(2): where the kernel lets a process be traced by its ancestors only (Yama), by all.
_PR_SET_PTRACER = 0x59616D61
_ANY = ctypes.c_ulong(-1)

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)
    sys.exit(main())
