"""A software update: a list of files signed by the release key, and behind it the files, packed.

The release key is that of the image (docs/operations/updates.md) and none of the hub's: a hub that
was broken into can give kiosks no program.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NewType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.wire import cbor, cose
from sync.wire.errors import Malformed, UnknownKey
from sync.wire.fields import Fields
from sync.wire.keys import key_id

Rank = NewType("Rank", int)
"""A version as a number by which versions are compared: 1.2.3 is 1002003."""

MAGIC = b"gapura-update/1\n"
SUFFIX = ".update"
# Beside UP and DOWN of a stick's folder.
STICK_FOLDER = "updates"
# The header of an answer of the hub's that offers one; a courier that does not know it goes on.
HEADER = "Gapura-Update"
PART_BYTES = 1024 * 1024
MAX_BYTES = 256 * 1024 * 1024
MAX_HEAD_BYTES = 2 * 1024 * 1024
MAX_TREE_BYTES = 768 * 1024 * 1024
# Of each, four items of CBOR.
MAX_FILES = 15_000
LENGTH_BYTES = 4
PREFIX_BYTES = len(MAGIC) + LENGTH_BYTES
DIGEST_BYTES = 32
_AAD = b"gapura/update/1"
_VERSION = re.compile(r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})")
_OFFER = re.compile(r"([0-9.]{5,11}) ([0-9]{1,10}) ([0-9a-f]{64}) ([A-Za-z0-9_:.\-]{1,300})")
_PYTHON = re.compile(r"3\.[0-9]{1,2}")
_MACHINE = re.compile(r"[a-z0-9_]{1,20}")
_FOLDERS = frozenset({"bin", "lib", "share", "include", "etc"})
_SETTINGS = "pyvenv.cfg"
# Made where the release is unpacked.
_RESERVED = frozenset({"bin/python"})


@dataclass(frozen=True, slots=True)
class File:
    """`path` is below the release's folder, with slashes."""

    path: str
    size_bytes: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """`follows` is the oldest version that it may be put in the place of; `python` ("3.13") and
    `machine` ("aarch64") are what it runs on. `libraries` is the digest of the libraries of the
    image that it uses; empty where it brings its own. `packed_bytes` is how much comes behind the
    list: all files end to end, compressed as one (zlib, RFC 1950).
    """

    version: str
    follows: str
    python: str
    machine: str
    libraries: bytes
    packed_bytes: int
    files: tuple[File, ...]

    @property
    def tree_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that the hub has for a kiosk; `ticket` is what its parts are asked for by. Nothing of
    it is signed: what comes of it is judged by itself.
    """

    version: str
    size_bytes: int
    sha256: bytes
    ticket: str

    def to_header(self) -> str:
        return f"{self.version} {self.size_bytes} {self.sha256.hex()} {self.ticket}"

    @property
    def parts(self) -> int:
        return -(-self.size_bytes // PART_BYTES)


def read_offer(header: str) -> Offer:
    """Raises Malformed where it is none."""
    found = _OFFER.fullmatch(header)
    if found is None or not 0 < int(found[2]) <= MAX_BYTES:
        raise Malformed("no offer of an update")
    rank_of(found[1])
    return Offer(found[1], int(found[2]), bytes.fromhex(found[3]), found[4])


def rank_of(version: str) -> Rank:
    """Raises Malformed where it is not three numbers below 1000."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise Malformed("a version that is not three numbers")
    major, minor, patch = map(int, found.groups())
    return Rank((major * 1000 + minor) * 1000 + patch)


def version_of(rank: int) -> str:
    return f"{rank // 1_000_000}.{rank // 1000 % 1000}.{rank % 1000}"


def software_of(version: str) -> str:
    """Return what door and batch call themselves."""
    return f"gapura {version}"


def sign_update(update: Update, key: Ed25519PrivateKey) -> bytes:
    """Return the beginning of the file: what says how long the list is, and the list."""
    payload = cbor.encode(
        {
            1: update.version,
            2: update.follows,
            3: update.python,
            4: update.machine,
            5: update.libraries,
            6: update.packed_bytes,
            7: [[file.path, file.size_bytes, file.sha256] for file in update.files],
        }
    )
    kid = key_id(key.public_key().public_bytes_raw())
    signed = cose.sign(payload, key=key, kid=kid, aad=_AAD)
    return MAGIC + len(signed).to_bytes(LENGTH_BYTES) + signed


def head_length(prefix: bytes) -> int:
    """Return how long the signed list is, by the first bytes of a file.

    Raises:
        Malformed: this is no update, or the list is longer than any.
    """
    if len(prefix) != PREFIX_BYTES or not prefix.startswith(MAGIC):
        raise Malformed("no update of this protocol's version")
    length = int.from_bytes(prefix[len(MAGIC) :])
    if length > MAX_HEAD_BYTES:
        raise Malformed("an update with a longer list than any")
    return length


def glance(signed: bytes) -> Update:
    """Return what an update says of itself; nothing of it is to be believed.

    Raises:
        Malformed: it is none.
    """
    return _update(cose.parse_strictly(signed).payload)


def open_update(signed: bytes, release_keys: Iterable[bytes]) -> Update:
    """Check the list against the keys (32 bytes each, Ed25519) that the image pins.

    Raises:
        WireError: none of them signed it, or it is malformed.
    """
    sign1 = cose.parse_strictly(signed)
    known = {bytes(key_id(public)): public for public in release_keys}
    public = known.get(sign1.kid or b"")
    if public is None:
        raise UnknownKey("no release key of that name")
    cose.verify(sign1, Ed25519PublicKey.from_public_bytes(public), aad=_AAD)
    return _update(sign1.payload)


def _update(payload: bytes) -> Update:
    fields = Fields.parse(payload, of="update").only(range(1, 8))
    libraries = fields.octets(5, most=DIGEST_BYTES)
    update = Update(
        version=_matching(fields, 1, _VERSION),
        follows=_matching(fields, 2, _VERSION),
        python=_matching(fields, 3, _PYTHON),
        machine=_matching(fields, 4, _MACHINE),
        libraries=libraries,
        packed_bytes=fields.uint(6, most=MAX_BYTES - MAX_HEAD_BYTES - PREFIX_BYTES),
        files=tuple(_file(item) for item in fields.items(7, MAX_FILES)),
    )
    if libraries and len(libraries) != DIGEST_BYTES:
        raise Malformed("update: libraries of no digest")
    if update.tree_bytes > MAX_TREE_BYTES:
        raise Malformed("update: more than any")
    _require_apart([file.path for file in update.files])
    return update


def _matching(fields: Fields, key: int, form: re.Pattern[str]) -> str:
    text = fields.text(key, most=20)
    if form.fullmatch(text) is None:
        raise Malformed(f"update: field {key} has another form")
    return text


def _file(item: cbor.Value) -> File:
    fields = Fields(item, of="file").only(range(3))
    path = fields.text(0, most=300)
    if not _is_inside(path):
        raise Malformed("update: a file outside the release's folder")
    return File(path, fields.uint(1, most=MAX_TREE_BYTES), fields.octets(2, DIGEST_BYTES))


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and path not in _RESERVED
        and not {"", ".", "..", "__pycache__"} & set(parts)
        and (path == _SETTINGS or (parts[0] in _FOLDERS and len(parts) > 1))
    )


def _require_apart(paths: Sequence[str]) -> None:
    """No file twice, none in the place of another's folder; in order, as they are packed."""
    folders = {path[:place] for path in paths for place, sign in enumerate(path) if sign == "/"}
    if list(paths) != sorted(set(paths)) or folders & set(paths):
        raise Malformed("update: files that are not apart")
