"""Nothing is left in English on an Indonesian page."""

import gettext
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import provisioning
from hardware.raspberry import camera, pins
from provisioning.language import LANGUAGES, is_translated, said

_FOLDER = Path(provisioning.__file__).parent
_LOCALE = _FOLDER / "locale/id/LC_MESSAGES"
# The same word in both.
_ALIKE = {"Pin"}


def _marked() -> set[str]:
    found = extract_from_dir(_FOLDER, [("**.py", "python")], keywords={"_": None})
    return {str(message) for _file, _line, message, _comments, _context in found}


def test_every_text_that_is_marked_is_translated() -> None:
    texts = _marked()
    assert len(texts) > 150
    assert {text for text in texts if not is_translated(text, "id")} - _ALIKE == set()


@pytest.mark.parametrize("hint", [camera._HINT, pins._HINT])
def test_what_the_drivers_advise_is_translated_too(hint: str) -> None:
    assert is_translated(hint, "id")


def test_compiled_and_source_are_the_same() -> None:
    with (_LOCALE / "provisioning.po").open("rb") as source:
        catalogue = read_po(source)
    with (_LOCALE / "provisioning.mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    for message in catalogue:
        if message.id:
            assert translations.gettext(str(message.id)) == message.string


def test_marks_of_fields_and_of_print_stay_as_they_are() -> None:
    """A translation that loses one would fail at the press."""
    for text in _marked():
        told = said(text, "id")
        for mark in ("<b>", "</b>", "{count}", "{all}", "{number}", "{driver}", "{section}"):
            assert told.count(mark) == text.count(mark), text
        assert "flashdisk" not in told.lower()


def test_without_a_translation_it_is_english_and_said_so() -> None:
    assert said("no such text", "id") == "no such text"
    assert not is_translated("no such text", "id")
    assert is_translated("no such text", LANGUAGES[1])
