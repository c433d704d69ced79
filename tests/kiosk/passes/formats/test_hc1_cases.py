"""The EU's interoperability cases are judged as their README says: nothing wrong gets in."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.passes.formats import hc1
from kiosk.passes.reading import Refusal
from kiosk.passes.signers import read_signers

_REPOSITORY = Path(__file__).parents[4]
_BESIDE = _REPOSITORY.parent / "shared" / "data"
CASES = Path(os.environ.get("GAPURA_DATA", _BESIDE), "hc1", "cases.jsonl")
PAGE = _REPOSITORY / "docs" / "reference" / "hc1.md"

pytestmark = pytest.mark.skipif(
    not CASES.is_file(), reason=f"no {CASES}: set GAPURA_DATA to the folder that holds hc1/"
)

_NOT_JUDGED = {
    "EXPECTEDVALIDOBJECT",
    "EXPECTEDENCODE",
    "EXPECTEDPICTUREDECODE",
    "EXPECTEDSCHEMAVALIDATION",
}
_LEAST_RIGHT = 0.94


@dataclass(frozen=True)
class Judged:
    name: str
    to_admit: bool
    reason: str | None

    @property
    def is_right(self) -> bool:
        return self.to_admit == (self.reason is None)


def judge(line: str) -> Judged:
    case = json.loads(line)
    flags = case["expected"].items()
    to_admit = all(holds for flag, holds in flags if flag not in _NOT_JUDGED)
    signers = read_signers([base64.b64decode(case["certificate_b64"])])
    presented = hc1.read(case["prefix"], signers)
    if isinstance(presented, Refusal):
        return Judged(case["case"], to_admit, presented.reason.name)
    at = datetime.fromisoformat(case["clock"])
    at_s = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    if at_s < presented.issued_at_s:
        return Judged(case["case"], to_admit, "NOT_YET_VALID")
    if at_s > presented.expires_s:
        return Judged(case["case"], to_admit, "EXPIRED")
    return Judged(case["case"], to_admit, None)


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return [judge(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def test_none_is_wrongly_admitted(judged: list[Judged]) -> None:
    assert [case for case in judged if not case.to_admit and case.reason is None] == []
    assert sum(not case.to_admit for case in judged) == 47


def test_nearly_all_are_right_with_every_check_on(judged: list[Judged]) -> None:
    assert sum(case.is_right for case in judged) >= _LEAST_RIGHT * len(judged)


def test_each_miss_is_listed_with_its_reason(judged: list[Judged]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    misses = {(case.name, case.reason) for case in judged if not case.is_right}
    listed = {
        (cells[1].strip(" `"), cells[2].strip(" `"))
        for cells in (line.split("|") for line in page.splitlines())
        if len(cells) == 5 and ".json" in cells[1]
    }
    assert listed == misses


def test_the_later_stages_are_judged_alike() -> None:
    """Where a case has a stage's bytes, reading from there gives what its text gives."""
    for case in map(json.loads, CASES.read_text(encoding="utf-8").splitlines()):
        signers = read_signers([base64.b64decode(case["certificate_b64"])])
        whole = hc1.read(case["prefix"], signers)
        if isinstance(whole, Refusal) or not case.get("cose_hex"):
            continue
        assert hc1.read_cose(bytes.fromhex(case["cose_hex"]), signers) == whole
        if case.get("compressed_hex"):
            packed = bytes.fromhex(case["compressed_hex"])
            assert hc1.read_compressed(packed, signers) == whole
