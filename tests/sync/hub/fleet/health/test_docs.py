"""The page of the rules names every rule."""

from pathlib import Path

from sync.hub.fleet.health.catalogue import BY_NAME

_PAGE = Path(__file__).parents[5] / "docs" / "operations" / "health.md"


def test_every_rule_is_in_the_docs() -> None:
    page = _PAGE.read_text()
    assert [name for name in BY_NAME if f"`{name}`" not in page] == []
