"""`handbook` and `target` write what was asked for, or say why not."""

import sys
from pathlib import Path

import pytest

from provisioning.__main__ import main
from tests.provisioning.printed import pages_of


def test_the_handbook_is_written_in_the_language_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "handbook.pdf"
    assert main(["handbook", str(out)]) == 0
    assert "Buku pegangan teknisi" in pages_of(out.read_bytes())[0].text
    assert main(["handbook", str(out), "--language", "en"]) == 0
    assert "The technician's handbook" in pages_of(out.read_bytes())[0].text


def test_its_pins_are_those_of_the_configuration_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, out = tmp_path / "kiosk.toml", tmp_path / "handbook.pdf"
    config.write_text("[button]\npin = 26\n")
    assert main(["handbook", str(out), "--config", str(config)]) == 0
    assert "Tombol" in pages_of(out.read_bytes())[0].text
    config.write_text("[button]\npin = 17\n")
    assert main(["handbook", str(out), "--config", str(config)]) == 2
    assert "two wires go to GPIO17 (pin 11)" in capsys.readouterr().err


def test_a_target_is_a_card_or_a_picture(tmp_path: Path) -> None:
    assert main(["target", str(tmp_path / "t.pdf"), "--language", "en"]) == 0
    assert "85.6 mm" in pages_of((tmp_path / "t.pdf").read_bytes())[0].text
    assert main(["target", str(tmp_path / "t.PNG")]) == 0
    assert (tmp_path / "t.PNG").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("command", ["handbook", "target"])
def test_a_place_that_takes_nothing_exits_2(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(tmp_path / "missing" / "x.pdf")]) == 2
    assert "name another file" in capsys.readouterr().err


def test_another_kind_of_file_is_a_mistake_of_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["target", str(tmp_path / "t.svg")])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("handbook", "provisioning.handbook.pages"),
        ("target", "provisioning.acceptance.target_drawing"),
    ],
)
def test_on_a_kiosk_without_the_library_it_says_what_to_do(
    command: str,
    module: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert main([command, str(tmp_path / "x.pdf")]) == 2
    assert "pip install 'gapura[provisioning]'" in capsys.readouterr().err
