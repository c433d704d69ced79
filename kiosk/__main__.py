"""The command `gapura-kiosk`."""

import argparse
import sys
from collections.abc import Sequence

from kiosk.assembly import software
from kiosk.commands import aim, check, explain, run, scan
from kiosk.errors import KioskError

_COMMANDS = {
    "run": (run, "watch the door until told to stop"),
    "scan": (scan, "read the codes in pictures and videos"),
    "explain": (explain, "say what a code is, and why it is admitted or refused"),
    "check": (check, "say what works, what does not, and what to do about it"),
    "aim": (aim, "help to mount the camera: focus, light and distance, live"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: it found something wrong; 2: it could not be carried out."""
    parser = argparse.ArgumentParser(
        prog="gapura-kiosk", description="The kiosk at the door.", epilog="Exit codes: " + EXITS
    )
    parser.add_argument("--version", action="version", version=software())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (module, purpose) in _COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=module.__doc__)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    arguments = parser.parse_args(words)
    try:
        code: int = arguments.run(arguments)
    except KioskError as error:
        print(f"gapura-kiosk: {error}\n  -> {error.hint}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone
        return 1
    return code


EXITS = "0 done, 1 something is wrong, 2 it could not be carried out."


if __name__ == "__main__":
    sys.exit(main())
