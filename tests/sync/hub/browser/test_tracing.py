"""The tracing officer's and the regent's pages, with something on them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sync.hub.rules.publishing import publish_default
from sync.hub.tracing.counting import count_new
from sync.hub.web.roles import Role
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.looks import Ways, in_all_ways, looks_well
from tests.sync.hub.browser.screens import (
    PHONE,
)
from tests.sync.hub.conftest import NOW
from tests.sync.hub.tracing.regency import DENY, a_door, a_person, see, stay

Visit = Callable[..., Page]
_ENGLISH = re.compile(
    r"\b(the|people|contacts|together|at least|possible|weeks|certain)\b", re.IGNORECASE
)


@pytest.fixture
def _case(hub: LiveHub) -> None:
    """Somebody who met sixty people, and one who was turned away."""
    publish_default(NOW)
    door = a_door("Mal Pelayanan Publik")
    siti = a_person("Siti Rahayu")
    stay(door, siti, 9, 11)
    for number in range(60):
        who = a_person(f"Budi Santoso {number}")
        stay(door, who, 8 + number / 30, 10.5, error_min=number)
    see(door, a_person("Made Wirawan"), 9.02, shown=DENY)
    count_new(NOW, b"a key of this test")


@in_all_ways
@pytest.mark.usefixtures("_case")
def test_a_case_is_traced(visit: Visit, hub: LiveHub, ways: Ways) -> None:
    """From the form to the chart, on a phone and on a desk, in both languages."""
    for screen, language in ways:
        page = visit(screen, language, Role.TRACING)
        page.goto("/tracing/")
        page.locator("#id_who").fill("siti")
        page.locator("#id_case").fill("BPBD/2026/17")
        page.locator("#id_reason").fill("kasus campak")
        hub.sent.clear()
        page.locator("button.main").click()
        expect(page.locator(".pass")).to_have_count(50)
        expect(page.get_by_text("Made Wirawan")).to_be_visible()
        looks_well(page, hub, f"tracing-{screen.name}-{language}")
        hub.sent.clear()
        page.locator("button[name=crowd]").first.click()
        expect(page.locator("path.most")).to_have_count(1)
        looks_well(page, hub, f"tracing-chart-{screen.name}-{language}")
        if language == "id":
            assert not _ENGLISH.search(page.locator("main").inner_text())


@in_all_ways
@pytest.mark.usefixtures("_case")
def test_the_regent_sees_figures(visit: Visit, hub: LiveHub, ways: Ways) -> None:
    for screen, language in ways:
        page = visit(screen, language, Role.VIEWER)
        hub.sent.clear()
        page.goto("/statistics/")
        expect(page.locator("path.bars")).to_have_count(2)
        looks_well(page, hub, f"statistics-{screen.name}-{language}")
        shown = page.locator("main").inner_text()
        assert "Siti" not in shown
        assert "Budi" not in shown
        if language == "id":
            assert not _ENGLISH.search(shown)


@pytest.mark.usefixtures("_case")
def test_each_is_led_to_what_is_theirs(visit: Visit) -> None:
    """And turned away elsewhere."""
    for role, theirs, others in (
        (Role.TRACING, ["/tracing/"], ["/statistics/", "/devices/", "/passes/"]),
        (Role.VIEWER, ["/statistics/", "/roll-out/"], ["/tracing/", "/people/", "/look-ups/"]),
    ):
        page = visit(PHONE, "en", role)
        page.goto("/")
        links = page.locator("nav a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert set(theirs) <= set(links)
        assert not set(others) & set(links)
        for path in others:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 403
