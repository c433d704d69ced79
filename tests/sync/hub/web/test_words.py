import gettext
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

import kiosk.health
import sync.hub
from kiosk.admission.verdict import Outcome
from kiosk.health import view
from kiosk.passes.claims import PassType
from kiosk.passes.reason import Reason
from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.web import words
from sync.hub.web.faults import FAULTS
from sync.hub.web.instants import error_text
from sync.hub.web.refusals import REFUSALS, said
from sync.wire.visit import Direction

_LOCALE = Path(sync.hub.__file__).parent / "locale"


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (words.OUTCOMES, Outcome),
        (words.REASONS, Reason),
        (words.DIRECTIONS, Direction),
        (words.PASS_TYPES, PassType),
    ],
)
def test_every_code_has_its_words(found: dict[int, words.Word], kind: type[Reason]) -> None:
    """In both languages; a door must not answer with a code that the page cannot say."""
    assert set(found) == set(kind)
    for word in found.values():
        with translation.override("en"):
            english = str(word)
        with translation.override("id"):
            assert str(word) != english


def test_every_check_of_a_kiosk_has_its_words() -> None:
    """In both languages: what is wrong, and what to do."""
    folder = Path(kiosk.health.__file__).parent
    sources = "".join(path.read_text() for path in folder.glob("*.py"))
    named = set(re.findall(r'Finding\(\s*"([a-z_]+)"', sources))
    assert set(FAULTS) == named | {f"lens_{found.value}" for found in view.FAULTS}
    for fault in FAULTS.values():
        for text in (fault.said, fault.advice):
            with translation.override("en"):
                english = str(text)
            with translation.override("id"):
                assert str(text) != english


def test_every_hindrance_has_its_words() -> None:
    """In both languages: why a pass cannot be issued."""
    assert set(REFUSALS) == set(Hindrance)
    until = datetime(2026, 12, 1, tzinfo=UTC)
    for why in Hindrance:
        fault = CannotIssue(why, "", until=until, most=5)
        with translation.override("en"):
            english = said(fault)
        with translation.override("id"):
            assert said(fault) != english
        assert "%" not in english


# Words that Indonesian has too.
_ALIKE = {"Menu", "WiFi"}


def test_the_compiled_translation_is_that_of_the_source() -> None:
    """Every English text has an Indonesian one, and the .mo file was made from this .po."""
    folder = _LOCALE / "id" / "LC_MESSAGES"
    source = (folder / "django.po").read_text()
    # Indonesian has one form for any number.
    assert source.count('\nmsgid "') == len(re.findall(r'^msgstr(\[0\])? "', source, re.MULTILINE))
    assert not re.search(r'^msgstr(\[0\])? ""\n\n', source, re.MULTILINE)
    assert "fuzzy" not in source
    with (folder / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert catalogue.gettext("Visits") == "Kunjungan"
    texts = [line[7:-1] for line in source.splitlines() if line.startswith('msgid "')]
    told = [text for text in texts if text and text + '"\nmsgstr "' in source]
    assert {text for text in told if catalogue.gettext(text) == text} <= _ALIKE


@pytest.mark.parametrize(
    ("error_ms", "text"),
    [
        (0, "± 0.1 s"),
        (250, "± 0.2 s"),
        (9_949, "± 9.9 s"),
        (42_000, "± 42 s"),
        (600_000, "± 10 min"),
        (36_000_000, "± 10 h"),
    ],
)
def test_an_error_is_told_in_a_fitting_unit(error_ms: int, text: str) -> None:
    """No more digits than anybody needs."""
    with translation.override("en"):
        assert error_text(error_ms) == text
