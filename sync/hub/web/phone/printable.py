"""Text as the fonts that every PDF reader has can show it."""

_CODEC = "cp1252"
_INSTEAD = "?"


def printable(text: str) -> str:
    """Return the text with a question mark for each character that cannot be printed."""
    shown = (_shown(character) for character in text)
    return "".join(shown)


def _shown(character: str) -> str:
    try:
        character.encode(_CODEC)
    except UnicodeEncodeError:
        return _INSTEAD
    return character if character.isprintable() else " "
