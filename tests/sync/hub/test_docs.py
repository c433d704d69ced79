import re
from pathlib import Path

from django.urls import get_resolver

from sync.hub import environment
from sync.hub.__main__ import COMMANDS
from sync.hub.commands.create_user import PASSWORD_VARIABLE

_PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "hub.md").read_text()


def test_every_command_and_option_is_in_the_reference() -> None:
    """Somebody who has only the page can use every command."""
    for name in COMMANDS:
        assert f"### `gapura-hub {name}" in _PAGE
        source = Path(environment.__file__).parent / "commands" / f"{name.replace('-', '_')}.py"
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
