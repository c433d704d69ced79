"""Whether an EU DCC has the fields that its JSON schema (version 1.3) requires.

Light on purpose: presence and type of the required fields, not lengths and patterns.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.passes import foreign_cbor

# EU "JSON schema specification for EU Digital COVID Certificates", annexes A to D.
_ENTRY_TEXTS = {
    "v": ("tg", "vp", "mp", "ma", "dt", "co", "is", "ci"),
    "t": ("tg", "tt", "tr", "sc", "co", "is", "ci"),
    "r": ("tg", "fr", "df", "du", "co", "is", "ci"),
}
_ENTRY_COUNTS: dict[str, tuple[str, ...]] = {"v": ("dn", "sd"), "t": (), "r": ()}
_TEXT, _COUNT = frozenset({str}), frozenset({int})


def fits(content: Mapping[Any, object]) -> bool:
    """Say whether the schema's required fields are there; exactly one statement is one of them."""
    names = content.get("nam")
    return (
        _are(_TEXT, content, ("ver", "dob"))
        and isinstance(names, foreign_cbor.MAPS)
        and _are(_TEXT, names, ("fnt",))
        and _one_statement(content)
    )


def _one_statement(content: Mapping[Any, object]) -> bool:
    groups = [group for group in _ENTRY_TEXTS if group in content]
    if len(groups) != 1:
        return False
    group, entries = groups[0], content[groups[0]]
    if not isinstance(entries, foreign_cbor.ARRAYS) or len(entries) != 1:
        return False
    entry = entries[0]
    return (
        isinstance(entry, foreign_cbor.MAPS)
        and _are(_TEXT, entry, _ENTRY_TEXTS[group])
        and _are(_COUNT, entry, _ENTRY_COUNTS[group])
    )


def _are(kind: frozenset[type], entry: Mapping[Any, object], keys: tuple[str, ...]) -> bool:
    return kind.issuperset(map(type, map(entry.get, keys)))
