"""Text as the fonts that every PDF reader has can show it.

They have the letters of Western Europe, and with them every Indonesian name as it is registered.
Of other Latin letters the mark above or below is left off (ā, ś, ḍ as a, s, d); of other scripts
each letter is a question mark.
"""

import unicodedata

_CODEC = "cp1252"
_INSTEAD = "?"
# What stands for nothing that is seen: joiners, marks of direction, halves of surrogates.
_UNSEEN = frozenset({"Cf", "Cs", "Mn"})


def printable(text: str) -> str:
    """Return the text with what cannot be printed left off, or in its place a question mark."""
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def is_printed_whole(text: str) -> bool:
    """Say whether every letter is printed as it is."""
    return printable(text) == text


def _shown(character: str) -> str:
    if unicodedata.category(character) in _UNSEEN:
        return ""
    if _has(character):
        return character if character.isprintable() else " "
    bare = "".join(
        part
        for part in unicodedata.normalize("NFKD", character)
        if unicodedata.category(part) not in _UNSEEN
    )
    return bare if bare and _has(bare) and bare.isprintable() else _INSTEAD


def _has(text: str) -> bool:
    try:
        text.encode(_CODEC)
    except UnicodeEncodeError:
        return False
    return True
