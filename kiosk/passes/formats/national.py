"""Known national codes: recognised by their shape and never opened.

They prove nothing to a door that is offline; that the right kind of code was shown is worth an
officer's look rather than a plain no.
"""

import re

from kiosk.passes.reading import NationalCode
from kiosk.passes.reason import Reason

# The check-in codes and certificates of the national app under both of its names.
STAGES: dict[str, Reason] = {}

_HOSTS = ("pedulilindungi.id", "satusehat.kemkes.go.id", "satusehat.go.id")
_ADDRESS = re.compile(
    r"https?://([a-z0-9.-]{1,100})(?::[0-9]{1,5})?(?:[/?#]|$)", re.IGNORECASE | re.ASCII
)
# "checkin:" and "checkout:" with the place's identifier, as on the posters of 2021 to 2023.
_POSTER = re.compile(r"check(?:in|out):[0-9a-f-]{8,64}", re.IGNORECASE | re.ASCII)


def recognise(text: str) -> NationalCode | None:
    """Return which national code it is, None where it is none."""
    if _POSTER.fullmatch(text):
        return NationalCode()
    address = _ADDRESS.match(text)
    if address is None:
        return None
    host = address.group(1).lower().rstrip(".")
    ours = any(host == known or host.endswith(f".{known}") for known in _HOSTS)
    return NationalCode() if ours else None
