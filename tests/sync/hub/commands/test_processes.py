import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

_DEADLINE_S = 30


class Installation:
    """A hub of its own, used as from a shell."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if "GAPURA" not in name}
        self.environment = {**kept, "GAPURA_HUB_HOME": str(home)}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "sync.hub", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_DEADLINE_S,
            check=False,
        )


@pytest.fixture
def hub(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "a hub")


def test_migrate_makes_everything_and_may_be_repeated(hub: Installation) -> None:
    """Keys and secret stay; where the root belongs is said."""
    first, again = hub.run("migrate"), hub.run("migrate", "--json")
    assert first.returncode == 0, first.stderr
    assert "offline" in first.stdout
    content = json.loads(again.stdout)
    assert (content["keys_made"], content["rulebook"]) == (False, 1)
    assert content["hub"] in first.stdout
    modes = [stat.S_IMODE(path.stat().st_mode) for path in hub.home.rglob("*.pem")]
    assert modes == [0o600] * 6


def test_serve_says_where_it_listens_and_stops_cleanly(hub: Installation, tmp_path: Path) -> None:
    """Port 0 is any free one; SIGTERM ends with 0 and takes the ready file away."""
    assert hub.run("migrate").returncode == 0
    ready = tmp_path / "ready"
    process = subprocess.Popen(
        hub.command("serve", "--port", "0", "--ready-file", str(ready)),
        env=hub.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = wait_for(ready, process)
        with urllib.request.urlopen(f"{url}/healthz", timeout=_DEADLINE_S) as answer:
            assert answer.read() == b"ok\n"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=_DEADLINE_S)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in said
    assert not ready.exists()


def wait_for(ready: Path, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + _DEADLINE_S
    while not ready.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return ready.read_text().strip()


def test_a_hub_without_its_home_says_what_to_do(hub: Installation) -> None:
    """No traceback: the command that is missing."""
    for words in (("status",), ("serve", "--port", "0"), ("create-user", "budi")):
        done = hub.run(*words)
        assert done.returncode == 2
        assert "gapura-hub migrate" in done.stderr
        assert "Traceback" not in done.stderr


def test_keys_that_others_can_read_stop_the_hub(hub: Installation) -> None:
    """Also the secret that signs sessions."""
    assert hub.run("migrate").returncode == 0
    key = next((hub.home / "keys").glob("receipt-*.pem"))
    key.chmod(0o644)
    done = hub.run("serve", "--port", "0")
    assert (done.returncode, "chmod 600" in done.stderr) == (2, True)
    key.chmod(0o600)
    (hub.home / "secret.key").chmod(0o640)
    done = hub.run("status")
    assert (done.returncode, "chmod 600" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(hub: Installation) -> None:
    """Before anything is done."""
    hub.environment["GAPURA_HUB_URL"] = "hub"
    for command in ("migrate", "status"):
        done = hub.run(command)
        assert done.returncode == 2
        assert "GAPURA_HUB_URL" in done.stderr
    assert not hub.home.exists()
