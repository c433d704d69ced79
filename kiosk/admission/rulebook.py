"""The rules of a circular letter, as data: a JSON document that the hub publishes."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType

SCHEMA = "gapura-rulebook/1"
MAX_BYTES = 256 * 1024
MAX_VERSION = 2**63 - 1
_OUTCOMES = {"admit": Outcome.ADMIT, "deny": Outcome.DENY, "refer": Outcome.REFER}
_TYPES = {member.name.lower(): member for member in PassType}
_KEYS = {"schema", "version", "letter", "effective_from", "site_kinds", "trial", "rules"}
_RULE_KEYS = {"name", "types", "formats", "outcome"}
FORMATS = ("GPS1",)


class RulebookError(Exception):
    """The document is not a rulebook; the message lists every fault in it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Applies to passes of one of `types` in one of `formats`; the first that applies decides."""

    name: str
    types: frozenset[PassType]
    formats: frozenset[str]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`letter` cites the circular letter; `site_kinds` is empty where it is for every kind.

    In a trial phase a DENY is shown as REFER.
    """

    version: int
    letter: str
    effective_from: datetime
    site_kinds: frozenset[str]
    trial: bool
    rules: tuple[Rule, ...]


def parse_rulebook(document: bytes) -> Rulebook:
    """Read a rulebook.

    Raises:
        RulebookError: every fault at once, each with the place where it is.
    """
    if len(document) > MAX_BYTES:
        raise RulebookError(f"a rulebook has at most {MAX_BYTES} bytes, this has {len(document)}")
    faults = _Faults()
    try:
        content = json.loads(document, object_pairs_hook=faults.object_of)
    except (ValueError, RecursionError) as error:
        raise RulebookError(f"not JSON: {error}") from error
    rulebook = _rulebook(content, faults)
    if faults.found or rulebook is None:
        raise RulebookError("; ".join(faults.found))
    return rulebook


class _Faults:
    def __init__(self) -> None:
        self.found: list[str] = []

    def unless(self, holds: bool, fault: str) -> bool:
        if not holds:
            self.found.append(fault)
        return holds

    def object_of(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Build a JSON object; readers differ in which of two values of one key they take."""
        content = dict(pairs)
        self.unless(len(content) == len(pairs), f"a key twice among {sorted(content)}")
        return content


def _rulebook(content: Any, faults: _Faults) -> Rulebook | None:
    if not faults.unless(isinstance(content, dict), "the document is not an object"):
        return None
    faults.unless(content.get("schema") == SCHEMA, f"schema: must be {SCHEMA!r}")
    faults.unless(set(content) <= _KEYS, f"unknown keys: {sorted(set(content) - _KEYS)}")
    version, letter = content.get("version"), content.get("letter")
    faults.unless(
        type(version) is int and 0 < version <= MAX_VERSION,
        f"version: must be a number from 1 to {MAX_VERSION}",
    )
    faults.unless(isinstance(letter, str) and bool(letter), "letter: must cite the circular letter")
    trial = content.get("trial", False)
    faults.unless(isinstance(trial, bool), "trial: must be true or false")
    kinds = _texts(content.get("site_kinds", []), "site_kinds", faults)
    effective = _instant(content.get("effective_from"), faults)
    rules = content.get("rules")
    if not faults.unless(isinstance(rules, list) and bool(rules), "rules: must be a list of rules"):
        return None
    parsed = [_rule(rule, f"rules[{place}]", faults) for place, rule in enumerate(rules)]
    if faults.found or effective is None:
        return None
    return Rulebook(
        version, letter, effective, kinds, trial, tuple(rule for rule in parsed if rule is not None)
    )


def _rule(content: Any, where: str, faults: _Faults) -> Rule | None:
    if not faults.unless(isinstance(content, dict), f"{where}: not an object"):
        return None
    unknown = sorted(set(content) - _RULE_KEYS)
    faults.unless(not unknown, f"{where}: unknown keys: {unknown}")
    name, outcome = content.get("name"), content.get("outcome")
    faults.unless(isinstance(name, str) and bool(name), f"{where}.name: must be text")
    faults.unless(
        isinstance(outcome, str) and outcome in _OUTCOMES,
        f"{where}.outcome: must be one of {sorted(_OUTCOMES)}",
    )
    types = _texts(content.get("types", []), f"{where}.types", faults)
    formats = _texts(content.get("formats", list(FORMATS)), f"{where}.formats", faults)
    faults.unless(bool(types) and types <= set(_TYPES), f"{where}.types: some of {sorted(_TYPES)}")
    faults.unless(formats <= set(FORMATS), f"{where}.formats: some of {sorted(FORMATS)}")
    if faults.found:
        return None
    return Rule(name, frozenset(_TYPES[text] for text in types), formats, _OUTCOMES[outcome])


def _texts(content: Any, where: str, faults: _Faults) -> frozenset[str]:
    texts = isinstance(content, list) and all(isinstance(item, str) for item in content)
    if not faults.unless(texts, f"{where}: must be a list of texts"):
        return frozenset()
    return frozenset(content)


def _instant(content: Any, faults: _Faults) -> datetime | None:
    fault = "effective_from: must be a time with its offset, as 2026-01-05T00:00:00+07:00"
    try:
        instant = datetime.fromisoformat(content)
    except (TypeError, ValueError):
        faults.unless(False, fault)  # noqa: FBT003
        return None
    return instant if faults.unless(instant.tzinfo is not None, fault) else None
