"""systemd's own judgement: the units are well-formed, and exposed no more than 1.5 of 10."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.systemd_units.unit_file import UNITS

ANALYZE = shutil.which("systemd-analyze")
PROGRAMS = ("/opt/gapura/bin/", "/run/gapura-release/current/bin/")

pytestmark = [
    pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed here"),
    pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name),
]


def _analyze(*words: str | Path) -> str:
    done = subprocess.run(
        [str(ANALYZE), *map(str, words)], capture_output=True, text=True, timeout=60, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def _installed(unit: Path, folder: Path) -> Path:
    """Copy the unit, with programs that exist in place of those of a kiosk."""
    text = unit.read_text()
    for program in re.findall(rf"(?:{'|'.join(PROGRAMS)})([\w-]+)", text):
        (folder / program).write_text("#!/bin/sh\n")
        (folder / program).chmod(0o755)
    for program in set(re.findall(r"^ExecStart=(/usr/sbin/[\w-]+)", text, re.MULTILINE)):
        # What the image brings need not be on the machine that tests.
        text = text.replace(program, f"{PROGRAMS[0]}{Path(program).name}")
        (folder / Path(program).name).write_text("#!/bin/sh\n")
        (folder / Path(program).name).chmod(0o755)
    copy = folder / unit.name
    for programs in PROGRAMS:
        text = text.replace(programs, f"{folder}/")
    copy.write_text(text)
    return copy


def test_the_unit_is_well_formed(unit: Path, tmp_path: Path) -> None:
    said = _analyze("verify", "--man=no", "--recursive-errors=no", _installed(unit, tmp_path))
    # What it does not know it passes over with a word, and exits 0.
    assert unit.name not in said


def test_exposure(unit: Path) -> None:
    try:
        _analyze("security", "--offline=yes", "--threshold=15", "--no-pager", unit)
    except AssertionError as failure:
        if "unrecognized option" in str(failure):
            pytest.skip("this systemd-analyze is older than 250 and knows no --offline")
        raise
