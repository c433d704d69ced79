"""What was signed is installed to the byte, and anything else is not installed at all."""

import os
import shutil
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.updates.shelf import LIST, is_whole
from provisioning.updates.trouble import Trouble, UpdateRefused
from provisioning.updates.unpacking import install
from sync.wire.update import PREFIX_BYTES, File, Update, head_length, sign_update
from tests.provisioning.updates.updates import BUILT_IN, KEY, LIBRARIES, Machine, make_update


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


def _install(machine: Machine, content: bytes) -> Update:
    path = machine.disk / "incoming"
    path.write_bytes(content)
    try:
        return install(path, machine.shelf, machine.image, BUILT_IN)
    finally:
        path.unlink()


def _refusal(machine: Machine, content: bytes) -> Trouble:
    with pytest.raises(UpdateRefused) as caught:
        _install(machine, content)
    assert not machine.shelf.folder("0.2.0").exists()
    return caught.value.trouble


def _trouble(machine: Machine, content: bytes) -> Trouble | None:
    try:
        _install(machine, content)
    except UpdateRefused as refusal:
        return refusal.trouble
    return None


def test_a_release_has_its_files_and_what_is_made_of_them(machine: Machine, tmp_path: Path) -> None:
    update = _install(machine, make_update(tmp_path, "0.2.0").read_bytes())
    folder = machine.shelf.folder("0.2.0")
    site = folder / "lib/python3.13/site-packages/gapura"
    assert (site / "__init__.py").read_text() == 'VERSION = "0.2.0"\n'
    assert (folder / "bin/python").readlink() == machine.image.interpreter
    assert (folder / "bin/gapura-kiosk").stat().st_mode & 0o777 == 0o755
    assert (site / "words.txt").stat().st_mode & 0o777 == 0o644
    (compiled,) = site.glob("__pycache__/*.pyc")
    assert str(folder / "lib").encode() in compiled.read_bytes()
    assert machine.shelf.check("0.2.0") == update


def test_a_file_that_is_cut_off_or_bent_anywhere(machine: Machine, tmp_path: Path) -> None:
    content = make_update(tmp_path, "0.2.0").read_bytes()
    head = PREFIX_BYTES + head_length(content[:PREFIX_BYTES])
    meaningless = 0
    for place in (*range(0, head, 97), *range(head, len(content), 7)):
        expected = {Trouble.NO_UPDATE, Trouble.FORGED} if place < head else {Trouble.DAMAGED}
        assert _refusal(machine, content[:place]) in expected
        bent = bytearray(content)
        bent[place] ^= 0x10
        refused = _trouble(machine, bytes(bent))
        if refused is None:
            # Bits that fill up a byte of the packing mean nothing.
            assert place >= head
            assert machine.shelf.is_usable("0.2.0")
            shutil.rmtree(machine.shelf.folder("0.2.0"))
            meaningless += 1
        else:
            assert refused in expected
    assert meaningless <= 2
    assert _refusal(machine, content + b"x") is Trouble.DAMAGED


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_are_installed_that_nobody_signed(machine: Machine, content: bytes) -> None:
    assert _refusal(machine, content) is Trouble.NO_UPDATE


def _packed(packed: bytes, size: int, digest: bytes) -> bytes:
    files = (File("lib/a", size, digest),)
    update = Update("0.2.0", BUILT_IN, "3.13", "aarch64", LIBRARIES, len(packed), files)
    return sign_update(update, KEY) + packed


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(bytes(10_000_000)),
        zlib.compress(b"") * 2,
        zlib.compress(b"a") + b"more",
        zlib.compress(b"a")[:-1],
        b"",
    ],
    ids=["bomb", "two streams", "more behind it", "no end", "nothing"],
)
def test_even_what_is_signed_is_no_more_than_it_says(machine: Machine, packed: bytes) -> None:
    assert _refusal(machine, _packed(packed, 1, bytes(32))) is Trouble.DAMAGED


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_opened(machine: Machine, tmp_path: Path, kind: str) -> None:
    path = machine.disk / "incoming"
    if kind == "link":
        path.symlink_to(make_update(tmp_path, "0.2.0"))
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(UpdateRefused) as caught:
        install(path, machine.shelf, machine.image, BUILT_IN)
    assert caught.value.trouble in {Trouble.NO_UPDATE, Trouble.NOT_WRITTEN}


def test_without_room_nothing_is_begun(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make_update(tmp_path, "0.2.0").read_bytes()
    found = os.statvfs(tmp_path)
    little = os.statvfs_result((4096, 4096, 20_000, 16_000, 16_000, *tuple(found)[5:10]))
    monkeypatch.setattr(os, "statvfs", lambda _path: little)
    assert _refusal(machine, content) is Trouble.NO_ROOM


def test_a_disk_that_takes_nothing(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make_update(tmp_path, "0.2.0").read_bytes()
    (machine.disk / "incoming").write_bytes(content)

    def failing(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(UpdateRefused) as caught:
        install(machine.disk / "incoming", machine.shelf, machine.image, BUILT_IN)
    assert caught.value.trouble is Trouble.NOT_WRITTEN


def _break(folder: Path, how: str) -> None:
    site = folder / "lib/python3.13/site-packages/gapura"
    match how:
        case "changed":
            (site / "words.txt").write_text("0.2.0" * 500 + "x")
        case "same length":
            (site / "words.txt").write_text("0.2.1" * 500)
        case "gone":
            (site / "empty").unlink()
        case "a link":
            (site / "empty").unlink()
            (site / "empty").symlink_to("/dev/null")
        case "compiled otherwise":
            (compiled,) = site.glob("__pycache__/*.pyc")
            compiled.write_bytes(compiled.read_bytes() + b"x")
        case "compiled besides":
            (site / "__pycache__" / "other.pyc").touch()
        case "another interpreter":
            (folder / "bin/python").unlink()
            (folder / "bin/python").symlink_to("/bin/sh")
        case "another list":
            (folder / LIST).write_bytes(b"")
        case _:
            (folder / "compiled.json").write_text(how)


@pytest.mark.parametrize(
    "how",
    [
        "changed", "same length", "gone", "a link", "compiled otherwise", "compiled besides",
        "another interpreter", "another list", "null", "[]", "{", '{"x": 1}',
    ],
)  # fmt: skip
def test_a_release_that_is_not_as_it_was_is_not_used(
    machine: Machine, tmp_path: Path, how: str
) -> None:
    update = _install(machine, make_update(tmp_path, "0.2.0").read_bytes())
    folder = machine.shelf.folder("0.2.0")
    assert is_whole(folder, update, machine.image.interpreter)
    _break(folder, how)
    assert not machine.shelf.is_usable("0.2.0")
