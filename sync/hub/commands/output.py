"""How commands speak: lines for people, one JSON object for scripts, QR codes as files."""

import json
import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import segno

from sync.hub.errors import CommandFault

QR_SUFFIXES = (".svg", ".png")
_EIGHT_BYTES = 8
_PRIVATE = 0o600


def say(lines: list[str], content: Mapping[str, object], *, as_json: bool) -> None:
    print(json.dumps(content, ensure_ascii=False) if as_json else "\n".join(lines))


def offer_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def offer_qr(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--qr", type=qr_path, metavar="FILE", help="also draw the QR code, as .svg or .png"
    )


def qr_path(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in QR_SUFFIXES:
        raise ArgumentTypeError("must end with .svg or .png")
    return path


def read_file(path: Path) -> bytes:
    """Raises CommandFault where the file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror}") from error


def draw_qr(text: str, path: Path) -> None:
    """Draw it in a file that nobody else can read: whoever has the code has what it opens.

    Raises:
        CommandFault: the file cannot be written.
    """
    # Level M and the quiet zone of ISO/IEC 18004, section 9.1.
    code = segno.make(text, error="m", micro=False)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(path, flags, _PRIVATE), "wb") as file:
            # A file that was there before keeps its mode otherwise.
            os.fchmod(file.fileno(), _PRIVATE)
            code.save(file, kind=path.suffix[1:].lower(), scale=8, border=4)
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror}") from error


def identifier(text: str) -> bytes:
    """Read 8 bytes in hexadecimal, as passes, subjects and doors are named."""
    try:
        octets = bytes.fromhex(text)
    except ValueError as error:
        raise ArgumentTypeError("must be 16 hexadecimal digits") from error
    if len(octets) != _EIGHT_BYTES:
        raise ArgumentTypeError("must be 16 hexadecimal digits")
    return octets


def instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("must be a time as 2026-01-05T08:00:00+07:00") from error
    if found.tzinfo is None:
        raise ArgumentTypeError("must say its offset, as 2026-01-05T08:00:00+07:00")
    return found
