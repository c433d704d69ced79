"""Checksums of what is published, and a signature over them by the release key."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from provisioning.errors import CannotBuild

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
_HINT = "make one: openssl genpkey -algorithm ed25519 -out release.key"


def sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_sums(files: Sequence[Path], folder: Path) -> Path:
    """Write what `sha256sum --check` reads."""
    sums = folder / SUMS
    lines = sorted(f"{sha256_of(file)}  {file.name}\n" for file in files)
    sums.write_text("".join(sorted(lines, key=lambda line: line[66:])))
    return sums


def load_key(path: Path) -> Ed25519PrivateKey:
    """Raises CannotBuild: the file is no private Ed25519 key in PEM, without a password."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise CannotBuild(f"{path}: {error.strerror}", hint=_HINT) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotBuild(f"{path} is no private key that can be read", hint=_HINT) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotBuild(f"{path} is no Ed25519 key", hint=_HINT)
    return key


def load_public(path: Path) -> bytes:
    """Return 32 bytes; raises CannotBuild: the file is no public Ed25519 key in PEM."""
    hint = "openssl pkey -in release.key -pubout -out release.pub"
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise CannotBuild(f"{path}: {error.strerror}", hint=hint) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CannotBuild(f"{path} is no public key that can be read", hint=hint) from error
    if not isinstance(key, Ed25519PublicKey):
        raise CannotBuild(f"{path} is no Ed25519 key", hint=hint)
    return key.public_bytes_raw()


def sign(sums: Path, key: Ed25519PrivateKey) -> Path:
    """Write the 64 bytes of the signature (RFC 8032), which openssl verifies."""
    signature = sums.with_name(SIGNATURE)
    signature.write_bytes(key.sign(sums.read_bytes()))
    return signature
