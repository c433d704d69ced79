"""A profile that NetworkManager reads as it was meant, written whole, and no shell anywhere."""

import configparser
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from provisioning.firstboot.network import (
    NOT_THERE,
    PROFILE,
    profile_of,
    run_quietly,
    set_up_wifi,
)
from provisioning.firstboot.trouble import SetupFault, Trouble
from sync.wire.wifi import WiFi

NASTY = "$(reboot) `id` ;[x]=#\\ "


def _parsed(wifi: WiFi) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(profile_of(wifi))
    return {name: dict(parser[name]) for name in parser.sections()}


@pytest.mark.parametrize("ssid", ["Kantor", NASTY, "Dinas ✓", "[ipv4]"])
def test_a_name_is_bytes_and_nothing_else(ssid: str) -> None:
    profile = _parsed(WiFi(ssid, "12345678"))
    numbers = [int(number) for number in profile["wifi"]["ssid"].strip(";").split(";")]
    assert bytes(numbers).decode() == ssid
    assert set(profile) == {"connection", "wifi", "wifi-security", "ipv4", "ipv6"}


@pytest.mark.parametrize("psk", ["12345678", "  rahasia  ", NASTY, "\\s\\n\\\\xyz", "f" * 64])
def test_a_key_comes_back_from_its_escapes(psk: str) -> None:
    """As g_key_file_get_string has it: an s is a space, a backslash itself, behind a backslash."""
    written = _parsed(WiFi("a", psk))["wifi-security"]["psk"]
    assert " " not in written
    assert written.replace("\\\\", "\0").replace("\\s", " ").replace("\0", "\\") == psk


def test_an_open_and_a_hidden_network() -> None:
    profile = _parsed(WiFi("a", "", True))
    assert "wifi-security" not in profile
    assert profile["wifi"]["hidden"] == "true"
    assert profile["connection"]["autoconnect-retries"] == "0"


class FakeNmcli:
    """Answers as nmcli(1) does, and remembers how it was called."""

    def __init__(self, **codes: int) -> None:
        self.codes = codes
        self.calls: list[Sequence[str]] = []

    def __call__(self, words: Sequence[str], seconds: float) -> int:
        assert 0 < seconds <= 90
        self.calls.append(words)
        return self.codes.get("up" if "up" in words else "load", 0)


def _set_up(folder: Path, nmcli: FakeNmcli, wifi: WiFi | None = None) -> None:
    set_up_wifi(wifi or WiFi(NASTY, NASTY), folder, folder, "/usr/bin/nmcli", nmcli)


def test_the_profile_is_kept_and_brought_up(tmp_path: Path) -> None:
    nmcli = FakeNmcli()
    _set_up(tmp_path, nmcli)
    path = tmp_path / PROFILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == profile_of(WiFi(NASTY, NASTY))
    assert nmcli.calls == [
        ["/usr/bin/nmcli", "connection", "load", str(path)],
        ["/usr/bin/nmcli", "--wait", "45", "connection", "up", "id", "gapura"],
    ]
    assert (tmp_path / "wifi-country.env").read_text() == "GAPURA_WIFI_COUNTRY=ID\n"


@pytest.mark.parametrize(
    ("codes", "trouble"),
    [
        ({"up": 4}, Trouble.NETWORK_FAILED),
        ({"up": 3}, Trouble.NETWORK_FAILED),
        ({"up": 10}, Trouble.NETWORK_FAILED),
        ({"load": 2}, Trouble.NETWORK_FAILED),
        ({"load": 8}, Trouble.NETWORK_ABSENT),
        ({"load": NOT_THERE}, Trouble.NETWORK_ABSENT),
    ],
)
def test_a_network_that_does_not_come_up_is_said_and_kept(
    codes: dict[str, int], trouble: Trouble, tmp_path: Path
) -> None:
    with pytest.raises(SetupFault) as fault:
        _set_up(tmp_path, FakeNmcli(**codes))
    assert fault.value.trouble is trouble
    assert fault.value.step.value == "network"
    assert (tmp_path / PROFILE).exists()


def test_a_program_is_run_by_its_arguments(tmp_path: Path) -> None:
    script = "import sys, os; sys.exit(sys.argv[1] == '$(exit 1)' and 'HOME' not in os.environ)"
    assert run_quietly([sys.executable, "-c", script, "$(exit 1)"], 30) == 1
    assert run_quietly([str(tmp_path / "nothing")], 30) == NOT_THERE
    assert run_quietly([sys.executable, "-c", "import time; time.sleep(30)"], 0.2) == 3
