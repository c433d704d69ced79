"""What is asked of every page as it stands, and on which screens, in which languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.screens import (
    DESKTOP,
    LARGEST_PAGE_BYTES,
    PHONE,
    Screen,
    barriers,
    is_too_wide,
    keep_picture,
)

Ways = tuple[tuple[Screen, str], ...]
"""On which screen, in which language; each of both is there once."""

_USUAL: Ways = ((PHONE, "id"), (DESKTOP, "en"))
_OTHERS: Ways = ((PHONE, "en"), (DESKTOP, "id"))
in_all_ways = pytest.mark.parametrize(
    "ways",
    [pytest.param(_USUAL, id="usual"), pytest.param(_OTHERS, id="others", marks=pytest.mark.long)],
)

in_each_way = pytest.mark.parametrize(
    ("screen", "language"),
    [*_USUAL, *(pytest.param(*way, marks=pytest.mark.long) for way in _OTHERS)],
)


def looks_well(page: Page, hub: LiveHub, name: str) -> Path:
    """No barrier, nothing beyond the edge, light. Return the picture that is kept."""
    picture = keep_picture(page, name)
    assert not barriers(page), name
    assert not is_too_wide(page), name
    assert hub.sent.total() <= LARGEST_PAGE_BYTES, (name, hub.sent)
    return picture
