"""No bent code is somebody else's pass, an exception, or a burden: 20,000 of them each time.

`script/test-long fuzz` bends a million, and lets a coverage-guided fuzzer look for more.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.formats import gpr1, gps1, hc1
from kiosk.passes.reason import Reason
from tests.fuzz.campaign import ALLOWED, TARGETS, VALID, run
from tests.fuzz.judging import judge, weigh
from tests.fuzz.targets import Target

SEED = 2026
SLICES, SLICE = 4, 4_750
EXAMPLES = 1_000
# The issuers may sign every kind, and their certificates end long after the passes.
SELDOM = {Reason.SIGNER_USAGE, Reason.KEY_NOT_IN_FORCE}


@pytest.mark.parametrize("number", range(SLICES))
def test_bent_by_chance(number: int) -> None:
    tally = run(SEED, number * SLICE, SLICE)
    assert tally.codes == SLICE
    reasons = {*gps1.STAGES.values(), *gpr1.STAGES.values(), *hc1.STAGES.values()} - SELDOM
    valid = {f"{VALID} {name}" for name in ("GPS1", "GPR1", "HC1", "ROSTER", "NATIONAL")}
    assert {reason.name for reason in reasons} | valid <= set(tally.ends), (
        "bent too much, or little"
    )


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.sampled_from(TARGETS), st.data())
def test_bent_on_purpose(target: Target, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(target.content)))
    end = data.draw(st.integers(start, min(len(target.content), start + 40)))
    between = data.draw(st.binary(max_size=40))
    payload = target.code(target.content[:start] + between + target.content[end:])
    judge(payload, None if target.is_signed else ALLOWED)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_is_not_bent_is_read_and_weighs_little(target: Target) -> None:
    payload = target.code(target.content)
    judge(payload, ALLOWED)
    weigh(payload)
