"""Mistakes on the command line of the image commands are named, and nothing is begun."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from provisioning.__main__ import main
from provisioning.commands import image
from provisioning.image import build, tools


def _no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_SBIN", ())
    monkeypatch.setenv("PATH", "/nowhere")


def test_missing_programs_are_named_with_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    _no_programs(monkeypatch)
    assert main(["image", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "sudo apt install mmdebstrap squashfs-tools dosfstools mtools" in said
    assert not (tmp_path / "out").exists()


def test_a_key_that_is_none_is_told_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "make_base", pytest.fail)
    key = tmp_path / "release.key"
    key.write_text("none")
    assert main(["image", "--out", str(tmp_path), "--key", str(key)]) == 2
    assert "no private key" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["image"],
        ["image", "--out", "x", "--mirror", "ftp://example.org"],
        ["image", "--out", "x", "--url", "https:///gapura"],
        ["image", "--out", "x", "--date", "yesterday"],
        ["publish-image", "x.img"],
        ["publish-image", "x.img", "--board", "pi9"],
    ],
)
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_there_is_nothing_to_publish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "gapura.img"
    assert main(["publish-image", str(missing), "--board", "pi4-pi5", "--date", "2026-11-22"]) == 2
    assert "there is no image" in capsys.readouterr().err


def test_an_image_of_the_other_builder_is_described_and_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "gapura.img"
    made.write_bytes(b"\0" * 100_000)
    key = tmp_path / "release.key"
    key.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    words = ["--board", "pi3-zero2w", "--date", "2026-11-22", "--key", str(key)]
    assert main(["publish-image", str(made), *words]) == 0
    told = capsys.readouterr().out.splitlines()
    assert all(Path(line).is_file() for line in told)
    (entry,) = json.loads((tmp_path / "os_list.json").read_text())["os_list"]
    assert entry["extract_size"] == 100_000
    assert entry["devices"] == ["pi3-64bit"]
    assert (tmp_path / "SHA256SUMS.sig").stat().st_size == 64
    assert "gapura.img.xz" in (tmp_path / "SHA256SUMS").read_text()


def test_the_date_comes_from_the_option_the_environment_or_the_last_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from datetime import date

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert image.stamp(date(2026, 11, 22)) == 1795305600
    assert image.stamp(None) == 1_700_000_000
