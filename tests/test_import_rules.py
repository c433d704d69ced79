"""The import rules are enforced and exhaustive: a planted violation fails the build."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("kiosk", "hardware", "sync", "provisioning")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and of their rules."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path.insert(0, '.');"
        "from importlinter.cli import lint_imports_command;"
        "lint_imports_command(['--no-cache'])"
    )
    return subprocess.run(
        [sys.executable, "-S", "-c", f"import site; site.main(); {program}"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_keeps_its_rules(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("planted", "content"),
    [
        ("kiosk/passes/leak.py", "import os\n"),
        ("kiosk/admission/leak.py", "import kiosk.clock\n"),
        ("kiosk/newcomer.py", ""),
        ("hardware/newcomer.py", ""),
        ("sync/newcomer.py", ""),
        ("hardware/simulated/leak.py", "import sync.wire.cbor\n"),
        ("kiosk/journal/leak.py", "import kiosk.door\n"),
        ("kiosk/scanning/leak.py", "import kiosk.passes.recognition\n"),
        ("kiosk/door_driver/__init__.py", "import hardware.raspberry.lamp\n"),
        ("sync/wire/leak.py", "import socket\n"),
        ("sync/uplink/leak.py", "import kiosk.journal.journal\n"),
        ("sync/hub/leak.py", "import kiosk.journal.journal\n"),
        ("provisioning/leak.py", "import kiosk.door\n"),
    ],
)
def test_a_planted_violation_fails_the_build(house: Path, planted: str, content: str) -> None:
    path = house / planted
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'"""Planted."""\n\n{content}')
    done = lint(house)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout or "newcomer" in done.stdout
