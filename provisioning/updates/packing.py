"""From a tree of files to an update's file, signed."""

import zlib
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.errors import CannotBuild
from sync.wire.errors import Malformed
from sync.wire.update import MAX_BYTES, PREFIX_BYTES, SUFFIX, File, Update, glance, sign_update


def pack(
    tree: Path,
    out: Path,
    key: Ed25519PrivateKey,
    *,
    version: str,
    follows: str,
    python: str,
    machine: str,
    libraries: bytes,
) -> Path:
    """Write the file into the folder `out`, and return where it is.

    Raises:
        CannotBuild: no kiosk would take what came of it.
    """
    paths = sorted(
        str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir()
    )  # fmt: skip
    files, packed = [], bytearray()
    packer = zlib.compressobj(level=9)
    for path in paths:
        content = (tree / path).read_bytes()
        files.append(File(path, len(content), sha256(content).digest()))
        packed += packer.compress(content)
    packed += packer.flush()
    update = Update(version, follows, python, machine, libraries, len(packed), tuple(files))
    head = sign_update(update, key)
    try:
        glance(head[PREFIX_BYTES:])
    except Malformed as error:
        raise CannotBuild(f"no kiosk would take this: {error}", hint="leave it out") from error
    if len(head) + len(packed) > MAX_BYTES:
        raise CannotBuild(f"more than {MAX_BYTES} bytes", hint="build a new image instead")
    own = machine if libraries else f"{machine}-whole"
    file = out / f"gapura-{version}-{own}{SUFFIX}"
    draft = file.with_suffix(".new")
    draft.write_bytes(head + bytes(packed))
    draft.replace(file)
    return file
