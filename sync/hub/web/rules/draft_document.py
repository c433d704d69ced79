"""Between a rulebook's JSON document and what the form of a draft shows and takes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from kiosk.admission.rulebook import Kept
from kiosk.admission.rulebook_document import SCHEMA, TYPES

Document = dict[str, Any]
_KEPT = [member.value for member in Kept]
# What a rule's row of the form has under the same name; what is empty is left out.
_SAME = ("name", "types", "formats", "outcome", "ways", "days")
_COLOUR_NUMBERS = ("doses_at_least", "age_at_least_days", "age_at_most_days")
_COLOUR_FLAGS = ("series_done", "negative")


def read_json(document: bytes) -> Document:
    """Return the content of a document that was checked before."""
    content: Document = json.loads(document)
    return content


def as_bytes(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def initial_of(document: Document) -> dict[str, Any]:
    """Return what the form shows of all but rules and colours."""
    begins = datetime.fromisoformat(document["effective_from"])
    keeps = document.get("keeps", {})
    return {
        "letter": document["letter"],
        "site_kinds": document.get("site_kinds", []),
        "effective_from": begins.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None),
        "trial": document.get("trial", False),
        "capacity": document.get("capacity"),
        "pass_back": document.get("pass_back", "soft"),
        "uncertain_clock": document.get("uncertain_clock", "refer"),
        "stale_after_days": document.get("stale_after_days"),
        "stale": document.get("stale", "refer"),
        "holidays": "\n".join(document.get("holidays", [])),
        **{f"keeps_{name}": keeps.get(name, _KEPT) for name in TYPES},
    }


def rules_of(document: Document) -> list[dict[str, Any]]:
    return [
        {name: rule.get(name, []) for name in _SAME}
        | {
            "units": [str(unit) for unit in rule.get("units", [])],
            "colours": ", ".join(rule.get("colours", [])),
            "hours": ", ".join(rule.get("hours", [])),
            "open_on_holidays": rule.get("open_on_holidays", True),
        }
        for rule in document["rules"]
    ]


def colours_of(document: Document) -> list[dict[str, Any]]:
    return [dict(colour) for colour in document.get("colours", [])]


def document_of(
    given: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    colours: Sequence[Mapping[str, Any]],
    version: int,
) -> Document:
    """Return the document of what was typed into the form."""
    whole = {
        "capacity": given["capacity"],
        "stale_after_days": given["stale_after_days"],
        "holidays": [day.isoformat() for day in given["holidays"]],
        "colours": [_colour(colour) for colour in colours],
    }
    return {
        "schema": SCHEMA,
        "version": version,
        "letter": given["letter"],
        "effective_from": given["effective_from"].isoformat(),
        "site_kinds": given["site_kinds"],
        "trial": given["trial"],
        "rules": [_rule(rule) for rule in rules],
        **{name: value for name, value in whole.items() if value not in (None, [])},
        "pass_back": given["pass_back"],
        "uncertain_clock": given["uncertain_clock"],
        "stale": given["stale"],
        "keeps": {name: given[f"keeps_{name}"] for name in TYPES},
    }


def _rule(given: Mapping[str, Any]) -> Document:
    rule = {name: given[name] for name in _SAME}
    rule |= {"units": [int(unit) for unit in given["units"]]}
    rule |= {name: given[name] for name in ("colours", "hours")}
    kept = {name: value for name, value in rule.items() if value != []}
    return kept if given["open_on_holidays"] else kept | {"open_on_holidays": False}


def _colour(given: Mapping[str, Any]) -> Document:
    colour = {"colour": given["colour"], "kind": given["kind"]}
    colour |= {name: given[name] for name in _COLOUR_NUMBERS if given[name] is not None}
    return colour | {name: True for name in _COLOUR_FLAGS if given[name]}
