"""A sealed file is on the disk whole or not at all, and nobody opens it but who is meant to."""

import errno
import resource
import stat
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from sync.hub.backup import sealing
from sync.hub.backup.sealing import seal, unsealed
from sync.hub.errors import CommandFault, FaultyFile

_CONTENT = bytes(range(256)) * 4_096
_LIMIT_BYTES = 256 * 1024


@pytest.fixture(scope="module")
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture
def sealed(tmp_path: Path, identity: Identity) -> Path:
    path = tmp_path / "backup.age"
    seal(path, [Identity.generate().to_public(), identity.to_public()], _write)
    return path


def _write(sink: BufferedWriter) -> None:
    sink.write(_CONTENT)


def _read(path: Path, identity: Identity) -> bytes:
    with unsealed(path, [identity]) as source:
        return source.read()


def test_each_of_those_it_is_sealed_to_opens_it(sealed: Path, identity: Identity) -> None:
    assert _read(sealed, identity) == _CONTENT
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert _CONTENT[:64] not in sealed.read_bytes()
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600
    assert [path.name for path in sealed.parent.iterdir()] == ["backup.age"]


def test_nobody_else_opens_it(sealed: Path) -> None:
    with pytest.raises(CommandFault, match="another key"):
        _read(sealed, Identity.generate())


@pytest.mark.parametrize("place", [10, 250, 5_000, 700_000, -1])
def test_a_bent_file_is_told(sealed: Path, identity: Identity, place: int) -> None:
    octets = bytearray(sealed.read_bytes())
    octets[place] ^= 1
    sealed.write_bytes(octets)
    with pytest.raises(CommandFault):
        _read(sealed, identity)


@pytest.mark.parametrize("length", [0, 10, 500, 65_536 + 300, -65_000, -1])
def test_a_file_that_was_cut_off_is_told(sealed: Path, identity: Identity, length: int) -> None:
    sealed.write_bytes(sealed.read_bytes()[:length])
    with pytest.raises(CommandFault):
        _read(sealed, identity)


def test_damage_is_not_taken_for_a_wrong_key(sealed: Path, identity: Identity) -> None:
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(FaultyFile, match="damaged or cut off"):
        _read(sealed, identity)


@pytest.fixture
def small_files() -> Iterator[None]:
    """The kernel takes no more of a file, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT_BYTES, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_of_a_full_disk_nothing_is_left(tmp_path: Path, identity: Identity) -> None:
    with pytest.raises(CommandFault, match=r"File too large; nothing was kept"):
        seal(tmp_path / "backup.age", [identity.to_public()], _write)
    assert list(tmp_path.iterdir()) == []


def test_of_what_could_not_be_read_nothing_is_left(tmp_path: Path, identity: Identity) -> None:
    def fail(sink: BufferedWriter) -> None:
        sink.write(_CONTENT)
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(CommandFault, match="Input/output error"):
        seal(tmp_path / "backup.age", [identity.to_public()], fail)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_gives_back_something_else_is_told(
    tmp_path: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = sealing._read_back

    def bent(draft: Path) -> bytes:
        draft.write_bytes(draft.read_bytes()[:-1] + b"?")
        return sound(draft)

    monkeypatch.setattr(sealing, "_read_back", bent)
    with pytest.raises(CommandFault, match="the disk is failing"):
        seal(tmp_path / "backup.age", [identity.to_public()], _write)
    assert list(tmp_path.iterdir()) == []
