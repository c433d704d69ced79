"""Long lists in pages, so that a page stays small however many kiosks there are."""

from collections.abc import Sequence
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_ROWS = 25
_Row = TypeVar("_Row")


def page_of(rows: Sequence[_Row], request: HttpRequest) -> Page[_Row]:
    """Return the page that is asked for, and the nearest one where there is no such page."""
    return Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
