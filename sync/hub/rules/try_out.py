"""What a draft would have said to the visits of the last days: counts, and examples without names.

Of more visits than can be judged while somebody waits, one in so many is taken, spread evenly
over the order in which they arrived.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from kiosk.admission.rulebook import Rulebook as ParsedRulebook
from kiosk.admission.rulebook_document import parse_rulebook
from kiosk.admission.verdict import Verdict
from sync.hub.clock import unix_ms
from sync.hub.ingest.models import Visit
from sync.hub.rules.models import Rulebook
from sync.hub.rules.rejudging import Unknown, Was, in_force_always, rejudge

DAYS = 7
MOST_VISITS = 5_000
_MOST_EXAMPLES = 20
# Visits arrive nearly in their order: the first to arrive is among the earliest.
_EARLIEST = 500
_OF_THE_VISIT = (
    "pk", "outcome", "shown", "reason", "format", "rulebook", "rule", "pass_type", "earliest_s",
    "latest_s", "lower_ms", "upper_ms", "time_ms", "error_ms",
)  # fmt: skip
_OF_THE_DOOR = (
    "door__label", "door__direction", "door__sees_both_ways", "door__office__unit",
    "door__site__name", "door__site__kind", "door__site__timezone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A visit to which something else would have been said; `row` has what is shown of it."""

    row: Mapping[str, Any]
    was: Was
    would_be: Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """From one outcome to another, by which reason; `rule` is the draft's rule that decides."""

    was: int
    was_reason: int
    would_be: int
    reason: int
    rule: int | None


@dataclass(slots=True)
class TriedOut:
    """`outcomes` counts visits by (outcome as it was, as it would be); `one_in` is 1 for all."""

    since: datetime
    one_in: int = 1
    judged: int = 0
    outcomes: Counter[tuple[int, int]] = field(default_factory=Counter)
    changes: Counter[Change] = field(default_factory=Counter)
    rules: Counter[int | None] = field(default_factory=Counter)
    unknown: Counter[Unknown] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return sum(count for (was, would), count in self.outcomes.items() if was != would)

    def add(self, row: Mapping[str, Any], was: Was, said: Verdict | Unknown) -> None:
        if isinstance(said, Unknown):
            self.unknown[said] += 1
            return
        self.judged += 1
        self.outcomes[was.outcome, int(said.outcome)] += 1
        self.rules[said.rule] += 1
        if was.outcome == said.outcome:
            return
        self.changes[
            Change(was.outcome, was.reason, int(said.outcome), int(said.reason), said.rule)
        ] += 1
        if len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(Example(row, was, said))


def try_out(draft: ParsedRulebook, now: datetime, most: int = MOST_VISITS) -> TriedOut:
    since = now - timedelta(days=DAYS)
    tried = TriedOut(since)
    visits = Visit.objects.filter(lower_ms__gte=unix_ms(since), assisted__isnull=True)
    if draft.site_kinds:
        visits = visits.filter(door__site__kind__in=draft.site_kinds)
    tried.one_in, rows = _sample(visits, most)
    book, published = in_force_always(draft), _published({row["rulebook"] for row in rows})
    zones: dict[str, ZoneInfo] = {}
    for row in rows:
        name = row["door__site__timezone"]
        was = _was(row, zones.setdefault(name, ZoneInfo(name)))
        tried.add(row, was, rejudge(was, book, published))
    return tried


def _sample(visits: QuerySet[Visit], most: int) -> tuple[int, list[dict[str, Any]]]:
    """Return one in how many, and those, newest first, with a few look-ups in indexes however many
    visits there are.
    """
    earliest = visits.order_by("lower_ms").values_list("pk", flat=True)[:_EARLIEST]
    first = min(earliest, default=None)
    last = visits.order_by("-lower_ms").values_list("pk", flat=True)[:_EARLIEST]
    if first is None:
        return 1, []
    newest = max(last)
    step = -(-(newest - first + 1) // most)
    chosen = visits if step == 1 else visits.filter(pk__in=range(newest, first - 1, -step))
    return step, list(chosen.order_by("-pk").values(*_OF_THE_VISIT, *_OF_THE_DOOR)[:most])


def _published(versions: set[int]) -> dict[int, ParsedRulebook]:
    books = Rulebook.objects.filter(version__in=versions).values_list("version", "document")
    return {version: parse_rulebook(bytes(document)) for version, document in books}


def _was(row: Mapping[str, Any], timezone: ZoneInfo) -> Was:
    return Was(
        outcome=row["outcome"],
        shown=row["shown"],
        reason=row["reason"],
        format=row["format"],
        rulebook=row["rulebook"],
        rule=row["rule"],
        pass_type=row["pass_type"],
        earliest_s=row["earliest_s"],
        latest_s=row["latest_s"],
        way=row["door__direction"],
        site_kind=row["door__site__kind"],
        timezone=timezone,
        unit=row["door__office__unit"],
        sees_both_ways=row["door__sees_both_ways"],
    )


def rules_in_order(tried: TriedOut, draft: ParsedRulebook) -> Iterator[tuple[int, str, int]]:
    """Yield number, name and how many visits each rule of the draft would decide."""
    for place, rule in enumerate(draft.rules):
        yield place + 1, rule.name, tried.rules[place]
