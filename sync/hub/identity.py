"""Names at rest: sealed under a key that is in the hub's directory and not in its database.

What is stored is the key's id (4 bytes), a nonce (12) and AES-256-GCM (NIST SP 800-38D) over the
text's length, the text and padding: a table tells neither a name nor how long it is.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.hub import home, installation
from sync.hub.errors import HomeFault

_KEY_BYTES, _KID_BYTES, _NONCE_BYTES, _LENGTH_BYTES = 32, 4, 12, 2
_PADDED_TO = 32
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys as the file had them; `newest` seals, all of them open. `home` is whose they are."""

    home: Path
    stamp: _Stamp
    newest: bytes
    ciphers: Mapping[bytes, AESGCM]


class _Shelf:
    """Holds the last ring that was read; threads may put theirs there, each as good."""

    def __init__(self) -> None:
        self._last: _Ring | None = None

    def current(self) -> _Ring:
        """Return the keys as they are now: another process may have renewed them."""
        at = installation.home()
        last = self._last
        if last is None or last.home != at.path or last.stamp != _stamp(at.identity_key):
            self._last = last = _read(at)
        return last

    def cipher(self, kid: bytes) -> AESGCM | None:
        last = self._last
        if last is None or last.home != installation.home().path or kid not in last.ciphers:
            last = self.current()
        return last.ciphers.get(kid)


_SHELF = _Shelf()


def seal(text: str, about: str) -> bytes:
    """Seal a text of at most 65,535 bytes; nothing stays nothing. What was sealed about one thing
    opens as no other.

    Raises:
        HomeFault: the key is not there, or others can read it.
    """
    if not text:
        return b""
    content = text.encode()
    framed = len(content).to_bytes(_LENGTH_BYTES) + content
    padded = framed + bytes(-len(framed) % _PADDED_TO)
    ring = _SHELF.current()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return ring.newest + nonce + ring.ciphers[ring.newest].encrypt(nonce, padded, about.encode())


def unseal(sealed: bytes, about: str) -> str:
    """Raises HomeFault where the key is not here, or the text was bent."""
    if not sealed:
        return ""
    kid, nonce = kid_of(sealed), sealed[_KID_BYTES : _KID_BYTES + _NONCE_BYTES]
    cipher = _SHELF.cipher(kid)
    if cipher is None:
        raise HomeFault(
            f"{installation.home().identity_key}: lacks the key {kid.hex()} that names are sealed"
            " under; bring the file back from the backup"
        )
    try:
        padded = cipher.decrypt(nonce, sealed[_KID_BYTES + _NONCE_BYTES :], about.encode())
    except InvalidTag as error:
        raise HomeFault(f"{about}: a sealed text was changed; restore the database") from error
    length = int.from_bytes(padded[:_LENGTH_BYTES])
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length].decode()


def kid_of(sealed: bytes) -> bytes:
    """Return the id of the key that a text is sealed under."""
    return sealed[:_KID_BYTES]


def kids() -> tuple[bytes, ...]:
    """Return the ids of the keys in the file, the newest first."""
    return tuple(_SHELF.current().ciphers)


def add_key() -> bytes:
    """Make a key that seals from now on, and return its id; the others still open."""
    path = installation.home().identity_key
    made = secrets.token_hex(_KEY_BYTES).encode()
    home.replace_private(path, made + b"\n" + home.read_private(path))
    return _kid(bytes.fromhex(made.decode()))


def drop_keys(unused: frozenset[bytes]) -> None:
    """Delete keys that nothing is sealed under; the newest stays in any case."""
    path = installation.home().identity_key
    lines = home.read_private(path).split()
    kept = [line for line in lines if _kid(bytes.fromhex(line.decode())) not in unused]
    home.replace_private(path, b"\n".join(kept or lines[:1]) + b"\n")


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError as error:
        raise HomeFault(f"{path}: {error.strerror}; run `gapura-hub migrate` first") from error
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read(at: home.Home) -> _Ring:
    path = at.identity_key
    stamp = _stamp(path)
    try:
        keys = [bytes.fromhex(line.decode()) for line in home.read_private(path).split()]
        ciphers = {_kid(key): AESGCM(key) for key in keys}
    except ValueError as error:
        raise HomeFault(f"{path}: not a file of keys; bring it back from the backup") from error
    if not ciphers:
        raise HomeFault(f"{path}: empty; bring it back from the backup")
    return _Ring(at.path, stamp, next(iter(ciphers)), ciphers)


def _kid(key: bytes) -> bytes:
    return sha256(b"gapura identity" + key).digest()[:_KID_BYTES]
