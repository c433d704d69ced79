"""Checksums that coreutils read, and a signature that openssl verifies."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from provisioning.errors import CannotBuild
from provisioning.image.seal import load_key, sign, write_sums


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def _pem(path: Path, key: Ed25519PrivateKey) -> Path:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def test_sha256sum_agrees_and_notices_a_change(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b.img", "a.json")]
    for file in files:
        file.write_bytes(file.name.encode())
    sums = write_sums(files, tmp_path)
    assert [line.split()[1] for line in sums.read_text().splitlines()] == ["a.json", "b.img"]
    check = ["sha256sum", "--check", "--strict", sums.name]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    files[0].write_bytes(b"other")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_openssl_verifies_the_signature(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("00  x\n")
    signature = sign(sums, load_key(_pem(tmp_path / "release.key", key)))
    public = tmp_path / "release.pub"
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    verify = [
        *(openssl, "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin"),
        *("-in", str(sums), "-sigfile", str(signature)),
    ]
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    sums.write_text("01  x\n")
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 1


def test_another_kind_of_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "release.key"
    with pytest.raises(CannotBuild, match=r"release\.key"):
        load_key(path)
    path.write_text("nothing like a key")
    with pytest.raises(CannotBuild, match="no private key"):
        load_key(path)
    path.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    with pytest.raises(CannotBuild, match="no Ed25519 key") as caught:
        load_key(path)
    assert "openssl genpkey" in caught.value.hint
