"""The door tells of an update that was refused or taken back, by the updater's own word."""

import json
from pathlib import Path

import pytest

from kiosk.health.update import UpdateCheck
from provisioning.updates.telling import NAME, Report, write_report
from sync.wire.batch import State


@pytest.mark.parametrize(
    ("report", "state", "value"),
    [
        (Report("0.2.0"), State.OK, 2_000),
        (Report("0.1.0", trying="0.2.0", waiting="0.2.0"), State.OK, 1_000),
        (Report("0.1.0", failed="1.2.3"), State.BAD, 1_002_003),
        (Report("0.1.0", trouble="forged"), State.BAD, None),
        (Report("0.1.0", trouble="no-room", refused="0.2.0"), State.BAD, 2_000),
    ],
)
def test_what_the_updater_tells(
    tmp_path: Path, report: Report, state: State, value: int | None
) -> None:
    write_report(tmp_path, report)
    finding = UpdateCheck(tmp_path / NAME).find()
    assert (finding.check, finding.state, finding.value) == ("update_version", state, value)
    assert bool(finding.advice) is (state is State.BAD)


@pytest.mark.parametrize("content", [None, "", "[]", "{", json.dumps({"running": ""})])
def test_where_nothing_is_told_nothing_is_known(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / NAME).write_text(content)
    assert UpdateCheck(tmp_path / NAME).find().state is State.UNKNOWN
