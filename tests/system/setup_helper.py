"""The real setup helper beside a kiosk of the tests, and a NetworkManager that only remembers."""

import json
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_NMCLI = """import json, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit({code})
"""


class SetupHelper:
    """`home` is the kiosk's; its door's files are taken from there as the service does."""

    def __init__(self, home: Path) -> None:
        self.home = home
        for name in ("setup", "helper", "connections", "boot"):
            (home / name).mkdir()
        self.have_nmcli_answer(0)

    def have_nmcli_answer(self, code: int) -> None:
        program = self.home / "nmcli"
        log = str(self.home / "nmcli.log")
        remembers = shlex.join([sys.executable, "-c", _NMCLI.format(log=log, code=code)])
        # A shell, for a first line takes no interpreter in a path with spaces.
        program.write_text(f'#!/bin/sh\nexec {remembers} "$@"\n')
        program.chmod(0o755)

    def waits_for_a_card(self, seconds: float = 30) -> bool:
        return self._comes(seconds, self.home / "run/card")

    def hears_of_enrolment(self, seconds: float = 30) -> bool:
        """It may have heard already, when it ran for the card."""
        return self._comes(seconds, self.home / "run/enrolled", self.home / "helper/root")

    def _comes(self, seconds: float, *paths: Path) -> bool:
        deadline = time.monotonic() + seconds
        while not any(path.exists() for path in paths) and time.monotonic() < deadline:
            time.sleep(0.1)
        return any(path.exists() for path in paths)

    def go(self) -> dict[str, Any]:
        """Run it once, as its service does, and return its report."""
        done = subprocess.run(
            [
                *(sys.executable, "-m", "provisioning", "firstboot", "--given", "run"),
                *("--run-dir", "setup", "--state-dir", "helper", "--boot-dir", "boot"),
                *("--connections", "connections", "--stick-card", "setup/stick.card"),
                *("--nmcli", str(self.home / "nmcli")),
            ],
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in {0, 1}, done.stderr
        report: dict[str, Any] = json.loads((self.home / "setup/report.json").read_text())
        return report

    def calls(self) -> list[list[str]]:
        log = self.home / "nmcli.log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
