"""Whatever is killed and whenever: each light has its entry, and the hub has each entry once."""

from pathlib import Path

import pytest

from tests.power.kills import campaign


@pytest.mark.long
def test_random_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    outcome = campaign(tmp_path, kills=6, seed=20261121)
    assert outcome.holds, str(outcome)
    assert outcome.lights
