"""What people read, in the language that they chose; English where none was."""

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = ("id", "en")
_LOCALES = Path(__file__).parent / "locale"


def mark(text: str) -> str:
    """Mark a text for translation; it is translated when it is shown."""
    return text


def said(text: str, language: str) -> str:
    return _translation(language).gettext(text)


def is_translated(text: str, language: str) -> bool:
    """Say whether there are words of that language for it; there always are in English."""
    return language == "en" or said(text, language) != text


@cache
def _translation(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        "provisioning", localedir=_LOCALES, languages=[language], fallback=language == "en"
    )
