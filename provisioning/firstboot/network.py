"""A WiFi as a connection profile of NetworkManager's; no shell is anywhere near it."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from provisioning.firstboot.small_file import write_whole
from provisioning.firstboot.trouble import SetupFault, Trouble
from sync.wire.wifi import WiFi

CONNECTION = "gapura"
PROFILE = f"{CONNECTION}.nmconnection"
COUNTRY_FILE = "wifi-country.env"
_UUID = uuid5(NAMESPACE_URL, "gapura/wifi/1")
# How long a WiFi may take with name and key that are right; a weak one takes half of it.
_UP_S = 45
_LOAD_S = 20
# nmcli(1), exit status.
_NOT_RUNNING = 8

Run = Callable[[Sequence[str], float], int]


def profile_of(wifi: WiFi) -> str:
    """Return the profile's text (nm-settings-keyfile(5)). The name is written as bytes: nothing in
    it can end a line or begin a section.
    """
    ssid = "".join(f"{byte};" for byte in wifi.ssid.encode())
    lines = [
        *("[connection]", f"id={CONNECTION}", f"uuid={_UUID}", "type=wifi"),
        *("autoconnect-priority=10", "autoconnect-retries=0", ""),
        # Saving power costs a second or two of every request.
        *("[wifi]", "mode=infrastructure", f"ssid={ssid}", "powersave=2"),
        f"hidden={'true' if wifi.hidden else 'false'}",
        "",
    ]
    if wifi.psk:
        lines += ["[wifi-security]", "key-mgmt=wpa-psk", f"psk={_escaped(wifi.psk)}", ""]
    return "\n".join([*lines, "[ipv4]", "method=auto", "", "[ipv6]", "method=auto", ""])


def set_up_wifi(wifi: WiFi, connections: Path, state_dir: Path, nmcli: str, run: Run) -> None:
    """Keep the profile, and bring it up.

    Raises:
        SetupFault: NetworkManager is not there, or the WiFi does not come up; the profile stays,
            and is tried for ever.
        OSError: the profile cannot be kept.
    """
    # gapura-wifi-country.service tells the radio.
    country = f"GAPURA_WIFI_COUNTRY={wifi.country}\n"
    write_whole(state_dir / COUNTRY_FILE, country.encode(), mode=0o644)
    profile = connections / PROFILE
    write_whole(profile, profile_of(wifi).encode(), mode=0o600)
    code = run([nmcli, "connection", "load", str(profile)], _LOAD_S)
    if code == 0:
        words = [nmcli, "--wait", str(_UP_S), "connection", "up", "id", CONNECTION]
        code = run(words, _UP_S + _LOAD_S)
    if code:
        absent = code in {_NOT_RUNNING, NOT_THERE}
        raise SetupFault(Trouble.NETWORK_ABSENT if absent else Trouble.NETWORK_FAILED)


NOT_THERE = 127
_TOOK_TOO_LONG = 3


def run_quietly(words: Sequence[str], seconds: float) -> int:
    """Run a program by its arguments and return its exit code; what it says is nobody's."""
    try:
        done = subprocess.run(  # noqa: S603 (arguments, one by one)
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        return NOT_THERE
    except subprocess.TimeoutExpired:
        return _TOOK_TOO_LONG
    return done.returncode


def _escaped(value: str) -> str:
    """As GLib's key files have it: a space at either end would be lost."""
    return value.replace("\\", "\\\\").replace(" ", "\\s")
