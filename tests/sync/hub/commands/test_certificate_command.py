import json
from dataclasses import replace
from pathlib import Path

import pytest

from sync.hub import installation
from sync.hub.home import Home
from sync.wire.card import open_card
from tests.sync.hub.commands.test_commands import _NEW_DOOR, Shell, shell

__all__ = ["shell"]


def _pin(shell: Shell, *more: str) -> bytes | None:
    made = shell.run(*_NEW_DOOR, *more)
    card, _ = open_card(made["card"], pinned_root=None)
    assert made["ca_pin"] == (None if card.ca_pin is None else card.ca_pin.hex())
    return card.ca_pin


@pytest.mark.usefixtures("own_home")
def test_cards_pin_the_ca_where_kiosks_come_by_tls(shell: Shell, tmp_path: Path) -> None:
    """Not where the line is plain, nor where the address has a public certificate."""
    https = ("--hub-url", "https://hub.example.go.id")
    assert _pin(shell, *https) is None
    made = shell.run("create-certificate", "--name", "hub.example.go.id", "--name", "10.0.0.5")
    assert (made["ca_made"], made["names"]) == (True, ["hub.example.go.id", "10.0.0.5"])
    assert _pin(shell, *https) == bytes.fromhex(made["ca_pin"])
    assert _pin(shell, *https, "--no-pin") is None
    assert _pin(shell, "--hub-url", "http://10.0.0.5") is None
    again = shell.run("create-certificate", "--into", str(tmp_path / "server"), "--days", "30")
    assert (again["ca_made"], again["ca_pin"]) == (False, made["ca_pin"])
    assert again["names"] == ["127.0.0.1"]
    assert sorted(file.name for file in (tmp_path / "server").iterdir()) == [
        "server.key",
        "server.pem",
    ]


def test_a_ca_of_the_offices_own_may_be_named(
    shell: Shell, own_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shell.run("create-certificate")
    elsewhere = tmp_path / "office.pem"
    elsewhere.write_bytes((own_home.tls / "ca.pem").read_bytes())
    (own_home.tls / "ca.pem").unlink()
    found = replace(installation.environment(), device_ca=elsewhere)
    monkeypatch.setattr(installation, "environment", lambda: found)
    assert _pin(shell, "--hub-url", "https://hub") == bytes.fromhex(made["ca_pin"])
    elsewhere.unlink()
    code, said = shell.fail(*_NEW_DOOR, "--hub-url", "https://hub")
    assert (code, "GAPURA_HUB_DEVICE_CA" in said) == (2, True)


@pytest.mark.parametrize(
    "words", [["--name", ""], ["--name", "a..b"], ["--days", "0"], ["--days", "x"]]
)
def test_what_makes_no_certificate_is_refused(words: list[str], shell: Shell) -> None:
    assert shell.fail("create-certificate", *words)[0] == 2


@pytest.mark.usefixtures("own_home")
def test_people_are_told_what_to_do_next(capsys: pytest.CaptureFixture[str], shell: Shell) -> None:
    from sync.hub.__main__ import main

    assert main(["create-certificate"]) == 0
    said = capsys.readouterr().out
    assert "server.pem" in said
    assert "proxy" in said
    for url, trusted in (
        ("https://hub", "the CA"),
        ("http://hub", "that line"),
        ("https://hub --no-pin", "its system trusts"),
    ):
        assert main([*_NEW_DOOR, "--hub-url", *url.split()]) == 0
        assert trusted in capsys.readouterr().out
    assert json.loads(json.dumps(shell.run("create-certificate")))["expires"]
