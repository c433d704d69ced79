"""`kiosk.toml` on the boot partition: the way of setting up a kiosk without its camera.

Written by hand on any computer, so every fault is named; never executed; emptied after use.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from provisioning.firstboot.small_file import read_small, write_whole
from provisioning.firstboot.trouble import SetupFault, Trouble
from sync.wire import wifi as wire_wifi
from sync.wire.wifi import WiFi

NAME = "kiosk.toml"
MOST_BYTES = 16 * 1024
_KEYS: Mapping[str, type] = {"card": str, "wifi": dict}
_WIFI: Mapping[str, type] = {
    "ssid": str,
    "psk": str,
    "open": bool,
    "hidden": bool,
    "country": str,
}
_TYPES = {str: "text between quotation marks", bool: "true or false", dict: "a section"}
BLANK = (
    "# Gapura: pengaturan anjungan tanpa kamera. / How to set up a kiosk without its camera.",
    "# Dikosongkan setelah dibaca. / Emptied after it has been read.",
    '# Teks kartu pendaftaran dari hub, "GPC1:...". / The text of the enrolment card.',
    'card = ""',
    "",
    "[wifi]",
    'ssid = ""',
    "# open = true: jaringan tanpa kata sandi. / A network without a password.",
    'psk = ""',
    "open = false",
    "hidden = false",
    'country = "ID"',
    "",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants set up: a card's text, a network, both."""

    card: str = ""
    wifi: WiFi | None = None

    def __bool__(self) -> bool:
        return bool(self.card) or self.wifi is not None


def read_boot_file(path: Path) -> Wish:
    """Return what the file asks for; an empty wish where it asks for nothing, or is not there.

    Raises:
        SetupFault: it is too large, no TOML, or wrong in some places, all of which are named.
        OSError: it cannot be read.
    """
    content = read_small(path, MOST_BYTES)
    if content is None:
        return Wish()
    if len(content) > MOST_BYTES:
        raise SetupFault(Trouble.FILE_TOO_LARGE, f"{NAME}: more than {MOST_BYTES} bytes")
    return parse_boot_file(content)


def parse_boot_file(content: bytes) -> Wish:
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # What it says ends with the place, and may quote a character of what was written.
        place = str(error).rpartition("(")[2].rstrip(")") if "(at " in str(error) else ""
        raise SetupFault(Trouble.FILE_NOT_TOML, f"{NAME}: {place or 'not text'}") from error
    faults = _misfits(table, _KEYS, "")
    section = table.get("wifi", {})
    if isinstance(section, dict):
        faults += _misfits(section, _WIFI, "[wifi] ")
    wifi = None
    if not faults and (section.get("ssid") or section.get("psk")):
        wifi = _wifi(section, faults)
    if faults:
        raise SetupFault(Trouble.FILE_FAULTS, *faults)
    return Wish(str(table.get("card", "")).strip(), wifi)


def _wifi(section: Mapping[str, object], faults: list[str]) -> WiFi | None:
    ssid, psk = str(section.get("ssid", "")), str(section.get("psk", ""))
    country, is_open = str(section.get("country", "ID")), section.get("open") is True
    faults += [f"[wifi] {fault}" for fault in wire_wifi.faults(ssid, psk, country)]
    if is_open is bool(psk):
        faults.append("[wifi] psk: give the key, or say open = true; not both, not neither")
    if faults:
        return None
    return WiFi(ssid, psk, section.get("hidden") is True, country)


def _misfits(table: Mapping[str, object], known: Mapping[str, type], where: str) -> list[str]:
    faults = []
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            guess = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            faults.append(f"{where}{_shown(key)}: there is no such setting; {guess}")
        elif type(value) is not known[key]:
            faults.append(f"{where}{key}: must be {_TYPES[known[key]]}")
    return faults


def _shown(key: str) -> str:
    """A key that is mistyped may be a secret in the wrong place: its beginning tells enough."""
    plain = "".join(character if character.isalnum() else "?" for character in key)
    return plain if len(plain) <= 8 else f"{plain[:4]}…"


def blank_boot_file(path: Path) -> None:
    """Take card and key away: an empty form in its place, and the old bytes overwritten.

    A power cut leaves the old file, whole, or the form.

    Raises:
        OSError: the partition takes nothing; the file may still be as it was.
    """
    old = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        write_whole(path, "\r\n".join(BLANK).encode(), mode=0o600)
        # The name leads to the form now; what it led to lies on in blocks that are free.
        with suppress(OSError):
            os.pwrite(old, b" " * os.fstat(old).st_size, 0)
            os.fsync(old)
    finally:
        os.close(old)
