"""Passes, rulebooks and circumstances for tests of the verdict. Times are Unix milliseconds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.admission.rulebook import Rule, Rulebook, Way
from kiosk.admission.situation import Circumstances, Place, Presence
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.certificate import Certificate, HealthCertificatePass, SignerTerm, Statement
from kiosk.passes.claims import Claims, PassType
from kiosk.passes.format import Format
from kiosk.passes.reading import Credential, Pass
from sync.wire.keys import HubKey, Purpose

JAKARTA = ZoneInfo("Asia/Jakarta")
# Wednesday 3 June 2026, 10 in the morning in Jakarta.
NOON_UTC = datetime(2026, 6, 3, 3, 0, tzinfo=UTC)
NOW_S = int(NOON_UTC.timestamp())
NOW_MS = NOW_S * 1000
HOUR_MS = 3_600_000
DAY_S = 86_400
WEDNESDAY = 2

SIGNER = HubKey(Purpose.PASS, bytes(32), NOW_S - 100 * DAY_S, NOW_S + 100 * DAY_S)
CLAIMS = Claims(
    sub=b"subject1",
    cti=b"token--1",
    not_before_s=NOW_S - 3600,
    expires_s=NOW_S + 3600,
    pass_type=PassType.VISITOR,
    unit=12,
)
PASS = Pass(Format.GPS1, CLAIMS, SIGNER)
ADMITS = Rule("visitors", frozenset({PassType.VISITOR}), frozenset({"GPS1"}), Outcome.ADMIT)
RULEBOOK = Rulebook(
    version=5,
    letter="SE 440/1/2026",
    effective_from=NOON_UTC - timedelta(days=30),
    site_kinds=frozenset(),
    trial=False,
    rules=(ADMITS,),
)
PLACE = Place(Way.ENTRY, "balai-kota", JAKARTA, unit=12, door_bit=3)
USUAL = Circumstances(
    place=PLACE,
    rulebooks=(RULEBOOK,),
    now=Interval(NOW_MS - 500, NOW_MS + 500),
    is_revoked=False,
    presence=Presence(is_inside=False, sees_both_ways=True),
)


def presented(**claims: object) -> Pass:
    return replace(PASS, claims=replace(CLAIMS, **claims))  # type: ignore[arg-type]


def usual(
    *,
    way: Way = Way.ENTRY,
    now: Interval = USUAL.now,
    rulebooks: Sequence[Rulebook] = USUAL.rulebooks,
    is_revoked: bool = False,
    is_inside: bool = False,
    sees_both_ways: bool = True,
) -> Circumstances:
    return Circumstances(
        place=replace(PLACE, way=way),
        rulebooks=rulebooks,
        now=now,
        is_revoked=is_revoked,
        presence=Presence(is_inside, sees_both_ways),
    )


def turning(slot: int, **claims: object) -> Pass:
    """Return a pass whose phone shows the code of a slot."""
    return replace(presented(**claims), format=Format.GPR1, slot=slot)


def certificate(*statements: Statement, expires_s: int = NOW_S + 90 * DAY_S) -> Credential:
    signer = SignerTerm(b"kid-of-8", NOW_S - 900 * DAY_S, NOW_S + 900 * DAY_S)
    content = Certificate(NOW_S - 90 * DAY_S, expires_s, statements)
    return HealthCertificatePass(content, b"serial-8", signer)


def rules(*rules: Rule, **changes: object) -> tuple[Rulebook, ...]:
    """Return the one rulebook that is in force, with these rules and changes."""
    return (replace(RULEBOOK, rules=rules or RULEBOOK.rules, **changes),)  # type: ignore[arg-type]


def book(
    outcome: Outcome | None = None,
    *,
    from_ms: int = NOW_MS - 30 * 24 * HOUR_MS,
    version: int = 5,
    trial: bool = False,
    site_kinds: frozenset[str] = frozenset(),
) -> Rulebook:
    """Return a rulebook that says one thing of visitors, or nothing of anybody."""
    rules = () if outcome is None else (replace(ADMITS, outcome=outcome),)
    effective_from = datetime.fromtimestamp(from_ms / 1000, UTC)
    return Rulebook(version, "SE", effective_from, site_kinds, trial, rules)
