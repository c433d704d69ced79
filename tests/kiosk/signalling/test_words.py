"""Every signal and reason is said in both languages; the compiled texts are the written ones."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from kiosk.passes.reason import Reason
from kiosk.signalling import words
from kiosk.signalling.cue import Signal
from kiosk.signalling.words import LANGUAGES, REASONS, SIGNALS, caption

LOCALE = Path(words.__file__).parent / "locale" / "id" / "LC_MESSAGES"


def _written() -> Catalog:
    with (LOCALE / "gapura.po").open("rb") as file:
        return read_po(file, locale="id")


def _messages(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id}


def test_every_signal_and_every_reason_has_a_text_of_its_own() -> None:
    assert set(SIGNALS) == set(Signal)
    assert set(REASONS) == set(Reason)
    assert all(text.strip() == text and text for text in [*SIGNALS.values(), *REASONS.values()])
    assert len(set(SIGNALS.values())) == len(SIGNALS)
    assert len(set(REASONS.values())) == len(REASONS)


def test_every_text_is_translated_and_nothing_else_is() -> None:
    messages = _messages(_written())
    assert set(messages) == {*SIGNALS.values(), *REASONS.values()}
    assert [text for text, indonesian in messages.items() if not indonesian] == []
    assert [text for text, indonesian in messages.items() if indonesian == text] == []
    assert not any(message.fuzzy for message in _written() if message.id)


def test_the_compiled_texts_are_the_written_ones() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _written())
    compiled.seek(0)
    with (LOCALE / "gapura.mo").open("rb") as file:
        assert _messages(read_mo(file)) == _messages(read_mo(compiled))


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("signal", Signal)
def test_a_caption_says_it_in_each_language_in_turn(signal: Signal, reason: Reason) -> None:
    messages = _messages(_written())
    english = f"{SIGNALS[signal]}: {REASONS[reason]}"
    indonesian = f"{messages[SIGNALS[signal]]}: {messages[REASONS[reason]]}"
    assert caption(signal, reason, ("id", "en")) == f"{indonesian} / {english}"
    assert caption(signal, reason, ("en",)) == english


def test_without_a_reason_the_signal_alone_is_said() -> None:
    assert caption(Signal.READY, None, LANGUAGES) == (
        "Siap: silakan tunjukkan kode Anda / Ready: hold up your code"
    )
    assert caption(Signal.READY, None, ()) == ""


PAGE = Path(__file__).parents[3] / "docs" / "reference" / "signals.md"


def _row(first: str, cell: str) -> list[str]:
    page = PAGE.read_text(encoding="utf-8")
    chapter = page.split(f"## {first}\n")[1].split("\n## ")[0]
    (row,) = [line for line in chapter.splitlines() if f"| `{cell}` |" in line]
    return [part.strip() for part in row.strip("|").split("|")]


@pytest.mark.parametrize("signal", Signal)
def test_the_reference_page_says_every_signal_and_what_to_do(signal: Signal) -> None:
    *_, indonesian, english, advice = _row("Signals", signal.value)
    assert f"{indonesian} / {english}" == caption(signal, None, ("id", "en"))
    assert advice


@pytest.mark.parametrize("reason", Reason)
def test_the_reference_page_says_every_reason_and_what_to_do(reason: Reason) -> None:
    number, _, indonesian, english, advice = _row("Reasons", reason.name)
    assert int(number) == reason
    assert (indonesian, english) == (_messages(_written())[REASONS[reason]], REASONS[reason])
    assert advice


def test_the_reference_page_has_nothing_that_does_not_exist() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "| `" in line]
    assert len(rows) == len(Signal) + len(Reason)
