"""The shape of the house: its top level, its package docstrings, its place in the packaging."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = {
    *("kiosk", "hardware", "sync", "provisioning", "systemd", "tests", "docs", "benchmarks"),
    *("script", "setup.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"),
    *(".ci", ".gitignore", ".importlinter"),
}


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [Path(name) for name in done.stdout.decode().split("\0") if name]


def test_nothing_new_stands_at_the_top() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP


def test_a_package_says_what_it_is_for_and_holds_no_code() -> None:
    for path in tracked():
        if path.name == "__init__.py" and "migrations" not in path.parts:
            body = ast.parse((ROOT / path).read_text()).body
            assert len(body) == 1 or path.parts[0] == "tests", path
            assert all(isinstance(statement, ast.Expr) for statement in body), path


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert not [path for path in tracked() if path.suffix == ".py" and path.stem in vague]


@pytest.mark.parametrize("folder", ["kiosk", "sync/hub", "provisioning"])
def test_every_command_stands_in_the_readme(folder: str) -> None:
    readme = (ROOT / "README.md").read_text()
    modules = [
        path.stem
        for path in (ROOT / folder / "commands").glob("*.py")
        if "def add_arguments(" in path.read_text() and "def run(" in path.read_text()
    ]
    assert modules
    for name in modules:
        command = name.removesuffix("_path").replace("_", "-")
        assert f"`{command}`" in readme or f" {command}`" in readme, command


def test_every_page_of_the_docs_is_led_to_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for folder in ("reference", "operations"):
        for page in (ROOT / "docs" / folder).glob("*.md"):
            assert f"](docs/{folder}/{page.name})" in readme, page
