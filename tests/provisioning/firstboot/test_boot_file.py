"""kiosk.toml: strict and in words, whatever an editor made of it, and empty after use."""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.firstboot.boot_file import (
    BLANK,
    MOST_BYTES,
    NAME,
    Wish,
    blank_boot_file,
    parse_boot_file,
    read_boot_file,
)
from provisioning.firstboot.trouble import SetupFault, Trouble
from sync.wire.wifi import WiFi

SECRET = "rahasia sekali"
FILE = f'card = "GPC1:ABC"\n[wifi]\nssid = "Kantor"\npsk = "{SECRET}"\n'
WISH = Wish("GPC1:ABC", WiFi("Kantor", SECRET))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_text(FILE)
    return tmp_path / NAME


@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_any_editors_file_is_read(begin: bytes, end: bytes, path: Path) -> None:
    path.write_bytes(begin + FILE.encode().replace(b"\n", end))
    assert read_boot_file(path) == WISH


def test_no_file_and_an_empty_form_ask_for_nothing(tmp_path: Path) -> None:
    assert not read_boot_file(tmp_path / NAME)
    assert not parse_boot_file("\r\n".join(BLANK).encode())
    assert not parse_boot_file(b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[wfi]\nssid = 'a'", "wfi: there is no such setting; did you mean wifi?"),
        ("[wifi]\nsid = 'a'", "[wifi] sid: there is no such setting; did you mean ssid?"),
        ("card = 7", "card: must be text between quotation marks"),
        ("wifi = 'Kantor'", "wifi: must be a section"),
        ("[wifi]\nssid = 'a'\nhidden = 'no'", "[wifi] hidden: must be true or false"),
        ("[wifi]\nssid = 'a'", "[wifi] psk: give the key, or say open = true; not both, not"),
        ("[wifi]\nssid = 'a'\npsk = '12345678'\nopen = true", "[wifi] psk: give the key, or say"),
        ("[wifi]\nssid = 'a'\npsk = 'kurang'", "[wifi] psk: must have 8 to 63"),
        ("[wifi]\npsk = '12345678'", "[wifi] ssid: must have 1 to 32"),
        ('[wifi]\nssid = "a\\n[x]"\nopen = true', "[wifi] ssid: must have 1 to 32"),
        ("[wifi]\nssid = 'a'\nopen = true\ncountry = 'Indonesia'", "[wifi] country: must be two"),
    ],
)
def test_a_fault_is_named(content: str, said: str) -> None:
    with pytest.raises(SetupFault) as fault:
        parse_boot_file(content.encode())
    assert fault.value.trouble is Trouble.FILE_FAULTS
    assert any(line.startswith(said) for line in fault.value.details), fault.value.details


def test_all_faults_are_told_at_once_and_no_secret() -> None:
    content = f"{SECRET.replace(' ', '')} = 1\n[wifi]\nssid = 1\npsk = ['{SECRET}']\n"
    with pytest.raises(SetupFault) as fault:
        parse_boot_file(content.encode())
    assert len(fault.value.details) == 3
    told = " ".join(fault.value.details)
    assert SECRET not in told
    assert SECRET.replace(" ", "") not in told


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"card = ", b"[wifi", b"\0" * 99, b"card = 'a'\ncard = 'b'"]
)
def test_rubbish_is_no_toml(content: bytes) -> None:
    with pytest.raises(SetupFault) as fault:
        parse_boot_file(content)
    assert fault.value.trouble is Trouble.FILE_NOT_TOML


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_stands_there_is_read_or_refused(content: bytes) -> None:
    with suppress(SetupFault):
        parse_boot_file(content)


def test_a_megabyte_is_refused_unread(path: Path) -> None:
    path.write_bytes(FILE.encode() + b"#" * 1_000_000)
    with pytest.raises(SetupFault) as fault:
        read_boot_file(path)
    assert fault.value.trouble is Trouble.FILE_TOO_LARGE
    path.write_bytes(FILE.encode().ljust(MOST_BYTES, b"\n"))
    assert read_boot_file(path) == WISH


def test_a_link_a_folder_and_a_pipe_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").write_text(FILE)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "folder", "pipe"):
        assert not read_boot_file(tmp_path / name)


def test_after_use_it_is_an_empty_form(path: Path) -> None:
    held = path.open("rb")
    with held:
        blank_boot_file(path)
        # The blocks that the old file had are overwritten too.
        assert SECRET.encode() not in held.read()
    content = path.read_bytes()
    assert content.count(b"\r\n") == len(BLANK) - 1
    assert SECRET.encode() not in content
    assert not read_boot_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [NAME]


class PowerCut(BaseException):
    """Nothing after it happens: no handler, no tidying up."""


def _cut_at(number: int, mocker: Any) -> list[str]:
    """Let so many calls that change something pass, and cut the power before the next."""
    done: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **options: Any) -> Any:
            if len(done) == number:
                raise PowerCut
            done.append(name)
            return real(*words, **options)

        return call

    mocker.patch.object(os, "open", counted("open", os.open))
    mocker.patch.object(os, "fsync", counted("fsync", os.fsync))
    mocker.patch.object(os, "pwrite", counted("pwrite", os.pwrite))
    mocker.patch.object(Path, "rename", counted("rename", Path.rename))
    mocker.patch.object(Path, "unlink", counted("unlink", Path.unlink))
    return done


def _is_whole(path: Path) -> bool:
    return path.read_bytes() in {FILE.encode(), "\r\n".join(BLANK).encode()}


@pytest.mark.parametrize("number", range(12))
def test_a_power_cut_leaves_the_old_file_or_the_form(number: int, path: Path, mocker: Any) -> None:
    done = _cut_at(number, mocker)
    try:
        blank_boot_file(path)
        was_cut = False
    except PowerCut:
        was_cut = True
    mocker.stopall()
    assert was_cut is (len(done) == number < 9), done
    assert _is_whole(path)
    for left in path.parent.iterdir():
        assert left == path or SECRET.encode() not in left.read_bytes()
    # The next start finishes it, whatever was left lying.
    blank_boot_file(path)
    assert not read_boot_file(path)
    assert [file.name for file in path.parent.iterdir()] == [NAME]


@pytest.mark.parametrize("step", ["fsync", "rename"])
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_a_card_that_takes_nothing_is_an_error_and_the_file_stays(
    step: str, error: int, path: Path, mocker: Any
) -> None:
    failing = OSError(error, os.strerror(error))
    if step == "fsync":
        mocker.patch.object(os, "fsync", side_effect=failing)
    else:
        mocker.patch.object(Path, "rename", side_effect=failing)
    with pytest.raises(OSError, match=os.strerror(error)):
        blank_boot_file(path)
    assert path.read_text() == FILE
    assert [file.name for file in path.parent.iterdir()] == [NAME]
