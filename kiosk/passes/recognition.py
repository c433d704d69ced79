"""Payload in, pass or refusal out: dispatch on the prefix."""

from kiosk.passes.formats import gps1
from kiosk.passes.reading import MAX_CHARACTERS, Format, Pass, Refusal
from kiosk.passes.reason import Reason
from sync.wire.keys import KeyList

_READERS = {gps1.PREFIX: gps1.read}


def read_pass(payload: bytes, keys: KeyList) -> Pass | Refusal:
    """Judge whatever a code held. Total: no bytes make it raise."""
    if len(payload) > MAX_CHARACTERS:
        return Refusal(Format.NONE, Reason.TOO_LONG)
    try:
        text = payload.decode("ascii")
    except UnicodeDecodeError:
        return Refusal(Format.NONE, Reason.NOT_A_PASS)
    for prefix, read in _READERS.items():
        if text.startswith(prefix):
            return read(text, keys)
    return Refusal(Format.NONE, Reason.NOT_A_PASS)
