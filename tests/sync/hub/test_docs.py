import re
from pathlib import Path

from django.urls import get_resolver

from kiosk.commands import explain, explanation
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import STAGES
from sync.hub import environment
from sync.hub.__main__ import COMMANDS, module_name
from sync.hub.commands.create_user import PASSWORD_VARIABLE

_REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
_PAGE = (_REFERENCE / "hub.md").read_text()
_EXPLAIN = (_REFERENCE / "explain.md").read_text()


def test_every_command_and_option_is_in_the_reference() -> None:
    """Somebody who has only the page can use every command."""
    for name in COMMANDS:
        assert f"### `gapura-hub {name}" in _PAGE
        source = Path(environment.__file__).parent / "commands" / f"{module_name(name)}.py"
        for option in re.findall(r'"(--[a-z-]+)"', source.read_text()):
            assert f"`{option}" in _PAGE, option


def test_every_setting_is_in_the_reference() -> None:
    """There is no other way to configure the hub."""
    for name in (*environment.NAMES, PASSWORD_VARIABLE):
        assert f"`{name}`" in _PAGE


def test_every_address_is_in_the_reference() -> None:
    """Pages and endpoints."""
    for pattern in get_resolver().url_patterns:
        assert f"`/{pattern.pattern}`" in _PAGE or f" /{pattern.pattern}`" in _PAGE


def test_every_stage_is_in_the_explanation() -> None:
    """Of every format, in its order; and those of time, which follow."""
    for found, stages in STAGES.items():
        row = next(line for line in _EXPLAIN.splitlines() if line.startswith(f"| `{found.name}` |"))
        assert ", ".join(stages) in row
        for stage, reason in stages.items():
            told = [line for line in _EXPLAIN.splitlines() if line.startswith(f"| {stage} |")]
            assert any(f"`{reason.name}`" in line for line in told), stage
    source = Path(explanation.__file__).read_text()
    for stage in ("not before", "expiry", "signer in force", "slot", "schema"):
        assert f'"{stage}"' in source
        assert f"| {stage} |" in _EXPLAIN


def test_every_reason_and_argument_is_in_the_explanation() -> None:
    """With what the reason's own words say."""
    for reason in Reason:
        assert f"| `{reason.name}` | " in _EXPLAIN
    source = Path(explain.__file__).read_text()
    for option in re.findall(r'"(--[a-z-]+)"', source):
        assert f"`{option}`" in _EXPLAIN, option
    for field in re.findall(r'^        "([a-z_]+)": ', source, re.MULTILINE):
        assert f"`{field}`" in _EXPLAIN, field


def test_every_json_key_of_a_command_is_in_the_reference() -> None:
    """A script can be written from the page alone."""
    for name in COMMANDS:
        source = Path(environment.__file__).parent / "commands" / f"{module_name(name)}.py"
        for key in re.findall(r'^        "([a-z_]+)": ', source.read_text(), re.MULTILINE):
            assert f'"{key}"' in _PAGE, (name, key)
