"""Each reason on the closed list comes of something, has a cue, and is said where people look."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from kiosk.admission.decision import decide
from kiosk.admission.rulebook import ALL_FORMATS, Rule
from kiosk.admission.schedule import ALL_DAYS, Schedule, Span
from kiosk.admission.situation import Circumstances, Presence
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.instants import Interval
from kiosk.passes.claims import PassType
from kiosk.passes.issuing import issue_static
from kiosk.passes.reading import Credential, Trust
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from kiosk.passes.roster import Alphabet, Roster, Shape
from kiosk.signalling.choice import signal_for
from kiosk.signalling.cue import CUES
from kiosk.signalling.words import LANGUAGES, REASONS, in_words
from sync.wire import cose
from sync.wire.keys import key_id
from tests.kiosk.admission.situations import (
    ADMITS,
    NOW_MS,
    NOW_S,
    PASS,
    presented,
    rules,
    turning,
    usual,
)
from tests.kiosk.passes import issued as native
from tests.kiosk.passes.health_issuer import TEST_OID, claims, issued, issuer, text_of_packed
from tests.kiosk.passes.people import roster_of
from tests.kiosk.passes.phone import Phone, inner_of, turning_text
from tests.sync.wire.parties import DOOR, NOT_BEFORE_S, WITHIN_S, public
from tests.sync.wire.parties import PASS as PASS_KEY

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "signals.md"
ISSUER = issuer(usages=[TEST_OID])
_PEOPLE = roster_of({"123456": b"subject1"})
TRUST = Trust(
    native.KEYS,
    ISSUER.signers,
    Roster(_PEOPLE.salt, _PEOPLE.cost, (Shape(Alphabet.DIGITS, 6),), _PEOPLE.rows),
)
TURNING = issue_static(replace(native.VISITOR, holder_key=Phone().holder), PASS_KEY)
EVENING = Schedule(ALL_DAYS, (Span(time(18), time(20)),))
SITE_CARD = presented(pass_type=PassType.SITE_CARD)
EVERYBODY = Rule("everybody", frozenset(PassType), ALL_FORMATS, Outcome.ADMIT)


def _shown(payload: str | bytes) -> Verdict:
    text = payload.encode() if isinstance(payload, str) else payload
    return decide(read_pass(text, TRUST), usual())


def _forged() -> bytes:
    payload = cose.parse(inner_of(native.GOOD)).payload
    return native.text_of(cose.sign(payload, key=DOOR, kid=key_id(public(PASS_KEY)), aad=b""))


def _early() -> str:
    early = replace(native.VISITOR, not_before_s=NOT_BEFORE_S - 9, expires_s=NOT_BEFORE_S + 9)
    return issue_static(early, PASS_KEY)


def _with(found: Circumstances, **presence: object) -> Circumstances:
    return replace(found, presence=Presence(**presence))  # type: ignore[arg-type]


def _decided(shown: Credential = PASS, found: Circumstances | None = None) -> Verdict:
    return decide(shown, found or usual())


BY_EVERYBODY = rules(EVERYBODY)
EXACTLY = Interval(NOW_MS, NOW_MS)
SLOT = NOW_S // 30

PRODUCED: dict[Reason, Callable[[], Verdict]] = {
    Reason.ALLOWED: _decided,
    Reason.NOT_A_PASS: lambda: _shown("hello"),
    Reason.TOO_LONG: lambda: _shown("x" * 1501),
    Reason.BAD_ENCODING: lambda: _shown("GPS1:a"),
    Reason.BAD_STRUCTURE: lambda: _shown(turning_text([b"", 1])),
    Reason.UNKNOWN_KEY: lambda: _shown(issue_static(native.VISITOR, DOOR)),
    Reason.BAD_SIGNATURE: lambda: _shown(_forged()),
    Reason.BAD_CLAIMS: lambda: _shown(native.signed(b"\xa0")),
    Reason.KEY_NOT_IN_FORCE: lambda: _shown(_early()),
    Reason.REVOKED: lambda: _decided(found=usual(is_revoked=True)),
    Reason.EXPIRED: lambda: _decided(presented(expires_s=NOW_S - 9)),
    Reason.NOT_YET_VALID: lambda: _decided(presented(not_before_s=NOW_S + 9)),
    Reason.TIME_UNCERTAIN: lambda: _decided(found=usual(now=Interval(NOW_MS, None))),
    Reason.WRONG_DOOR: lambda: _decided(presented(doors=0)),
    Reason.WRONG_UNIT: lambda: _decided(presented(unit=13)),
    Reason.WRONG_DAY: lambda: _decided(presented(days=0)),
    Reason.ALREADY_INSIDE: lambda: _decided(found=usual(is_inside=True)),
    Reason.OUTSIDE_HOURS: lambda: _decided(
        found=usual(rulebooks=rules(replace(ADMITS, schedule=EVENING)))
    ),
    Reason.USED_TODAY: lambda: _decided(SITE_CARD, usual(rulebooks=BY_EVERYBODY, is_inside=True)),
    Reason.FULL: lambda: _decided(found=_with(usual(rulebooks=rules(capacity=1)), inside=1)),
    Reason.NOT_ALLOWED: lambda: _decided(SITE_CARD),
    Reason.RULE_DENIES: lambda: _decided(
        found=usual(rulebooks=rules(replace(ADMITS, outcome=Outcome.DENY)))
    ),
    Reason.RULE_REFERS: lambda: _decided(
        found=usual(rulebooks=rules(replace(ADMITS, outcome=Outcome.REFER)))
    ),
    Reason.NO_RULEBOOK: lambda: _decided(found=usual(rulebooks=())),
    Reason.STALE_RULEBOOK: lambda: _decided(found=usual(rulebooks=rules(stale_after_days=1))),
    Reason.BAD_COMPRESSION: lambda: _shown(text_of_packed(b"")),
    Reason.BAD_CERTIFICATE: lambda: _shown(issued({1: "ID"}, ISSUER)),
    Reason.SIGNER_USAGE: lambda: _shown(issued(claims(), ISSUER)),
    Reason.BAD_HOLDER_SIGNATURE: lambda: _shown(Phone(9).code(TURNING, WITHIN_S)),
    Reason.CODE_TOO_OLD: lambda: _decided(
        turning(SLOT - 99), usual(now=EXACTLY, rulebooks=BY_EVERYBODY)
    ),
    Reason.CODE_SEEN: lambda: _decided(
        turning(SLOT), _with(usual(now=EXACTLY, rulebooks=BY_EVERYBODY), last_slot=SLOT)
    ),
    Reason.NOT_ON_ROSTER: lambda: _shown("654321"),
}


@pytest.mark.parametrize("reason", Reason)
def test_it_comes_of_something(reason: Reason) -> None:
    verdict = PRODUCED[reason]()
    assert verdict.reason is reason
    assert (verdict.shown is Outcome.ADMIT) == (reason is Reason.ALLOWED)
    assert CUES[signal_for(verdict)].beats


@pytest.mark.parametrize("reason", Reason)
def test_it_is_said_in_both_languages_and_on_the_page(reason: Reason) -> None:
    said = {in_words(reason, language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES) == 2
    assert in_words(reason, "en") == REASONS[reason]
    (row,) = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if f"| `{reason.name}` |" in line
    ]
    assert row.startswith(f"| {int(reason)} |")
    assert all(words in row for words in said)
