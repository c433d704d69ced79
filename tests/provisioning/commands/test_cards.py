"""`inspect-card` and `show-card` tell and draw good cards; neither prints a token."""

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.__main__ import main
from provisioning.commands import inspect_card, show_card
from tests.provisioning.cards import EXPIRES_S, ISSUED_S, TOKEN, CardHub

IN_TIME = datetime.fromtimestamp(ISSUED_S, UTC) + timedelta(hours=1)
TOO_LATE = datetime.fromtimestamp(EXPIRES_S, UTC) + timedelta(hours=1)
TOO_EARLY = datetime.fromtimestamp(ISSUED_S, UTC) - timedelta(hours=1)


class _Clock(datetime):
    present = IN_TIME

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        assert tz is UTC
        return cls.present


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> type[_Clock]:
    monkeypatch.setattr(_Clock, "present", IN_TIME)
    for module in (inspect_card, show_card):
        monkeypatch.setattr(module, "datetime", _Clock)
    return _Clock


def _given(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_good_card_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    hub = CardHub()
    assert main(["inspect-card", hub.text()]) == 0
    told = capsys.readouterr().out
    for fact in ("Pintu utama", "https://hub.example.go.id", hub.card().hub.hex(), "2026-01-08"):
        assert fact in told
    assert TOKEN.hex() not in told.lower()


@pytest.mark.parametrize("words", [["inspect-card", "-", "--json"], ["inspect-card", "--json"]])
def test_a_card_is_read_from_standard_input(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _given(monkeypatch, CardHub().text().encode() + b"\r\n")
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["good"] is True
    assert told["expires"] == "2026-01-08T08:00:00+00:00"
    assert set(told) == {
        *("good", "wrong", "advice", "door", "label"),
        *("hub_url", "hub", "ca_pin", "issued_at", "expires"),
    }


@pytest.mark.parametrize(("present", "wrong"), [(TOO_LATE, "expired"), (TOO_EARLY, "future")])
def test_a_card_out_of_date_is_told_and_bad(
    present: datetime, wrong: str, clock: type[_Clock], capsys: pytest.CaptureFixture[str]
) -> None:
    clock.present = present
    assert main(["inspect-card", CardHub().text()]) == 1
    told = capsys.readouterr().out
    assert "Pintu utama" in told
    assert wrong in told


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe\x00", b"GPC1:" + b"A" * 100_000])
def test_what_is_no_card_is_refused_in_words(
    data: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _given(monkeypatch, data)
    assert main(["inspect-card"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "->" in output.err
    _given(monkeypatch, data)
    assert main(["inspect-card", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["good"] is False


def test_a_label_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect-card", CardHub().text(door_label="\x1b[2Jok\n\x9b")]) == 1
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    main(["inspect-card", CardHub().text(door_label="ok \u202e\u200b")])
    assert "ok ??" in capsys.readouterr().out


def test_a_card_is_drawn_for_a_phone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "card.png"
    assert main(["show-card", CardHub().text(), "--png", str(path)]) == 0
    drawn = sorted(tmp_path.iterdir())
    assert [file.name for file in drawn] == ["card-1.png", "card-2.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in drawn)
    assert capsys.readouterr().out == ""


def test_a_card_is_drawn_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["show-card", CardHub().text()]) == 0
    assert "▄" in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["show-card", CardHub().text()]) == 2
    assert "--png" in capsys.readouterr().err


def test_an_expired_card_is_drawn_with_a_warning(
    clock: type[_Clock], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.present = TOO_LATE
    assert main(["show-card", CardHub().text(), "--png", str(tmp_path / "card.png")]) == 0
    assert "expired" in capsys.readouterr().err


def test_what_is_no_card_is_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    assert main(["show-card", "https://example.org", "--png", str(path)]) == 1
    assert not path.exists()


def test_only_a_png_is_promised() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["show-card", CardHub().text(), "--png", "card.svg"])
    assert caught.value.code == 2
