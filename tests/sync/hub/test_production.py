import os
import subprocess
import sys
from pathlib import Path

from sync.hub.home import Home


def test_the_production_settings_pass_djangos_own_checks(tmp_path: Path) -> None:
    """With the address of a public hub, as `manage.py check --deploy` sees them."""
    home = Home(tmp_path / "home")
    home.prepare()
    variables = {
        "PATH": os.environ["PATH"],
        "GAPURA_HUB_HOME": str(home.path),
        "GAPURA_HUB_URL": "https://hub.example.go.id",
        "DJANGO_SETTINGS_MODULE": "sync.hub.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=variables,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_no_secret_is_in_the_settings() -> None:
    """They come from the hub's directory and the environment."""
    source = (Path(__file__).parents[3] / "sync" / "hub" / "settings.py").read_text()
    assert "SECRET_KEY = Home(ENVIRONMENT.home).read_secret()" in source
    assert "DEBUG = False" in source
