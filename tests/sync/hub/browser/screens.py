"""Sizes of screens, what a page may weigh, and where pictures of pages are kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[4]
SCREENSHOTS = ROOT / ".cache" / "screenshots"
AXE = ROOT / ".cache" / "parts" / "axe.min.js"
LARGEST_PAGE_BYTES = 150 * 1024
LANGUAGES = ("id", "en")
_IS_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (e) => e && (/auto|scroll/.test(getComputedStyle(e).overflowX)
    || scrolls(e.parentElement));
  const isCut = (e) => e instanceof HTMLElement && e.checkVisibility()
    && e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement);
  return document.documentElement.scrollWidth > width
    || [...document.body.querySelectorAll('*')].some(isCut);
}"""

# None where the walk is over. What leads to the content stands aside until it has the focus.
_FOCUS_FAULT = """() => {
  const e = document.activeElement, before = window.__before;
  if (e === document.body) return null;
  window.__before = e;
  const look = getComputedStyle(e), box = e.getBoundingClientRect();
  const what = `${e.tagName} ${e.id || e.name || e.textContent.trim().slice(0, 30)}`;
  if (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2) return `no ring: ${what}`;
  if (box.width < 1 || box.right < 0 || box.left > innerWidth) return `not in view: ${what}`;
  const follows = before && before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
  const above = before && box.bottom < before.getBoundingClientRect().top - 2;
  if (before && !follows) return null;
  return above && !e.closest('header') ? `upwards: ${what}` : '';
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """CSS pixels; `scale` is how many real ones stand for one of them, each way."""

    name: str
    width: int
    height: int
    scale: float
    is_phone: bool


PHONE = Screen("phone", 360, 740, 2, is_phone=True)
DESKTOP = Screen("desktop", 1280, 800, 1, is_phone=False)
SCREENS = (PHONE, DESKTOP)


def keep_picture(page: Page, name: str) -> Path:
    """Keep a picture of the whole page under its name, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds that keeps people out of the page as it stands."""
    # By the debugger, for the page's policy lets no foreign script in.
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def is_too_wide(page: Page) -> bool:
    """Say whether one would have to push the page aside to read it, or something is cut off.

    What scrolls by itself, as a wide table does, may be wider.
    """
    wider: bool = page.evaluate(_IS_TOO_WIDE)
    return wider


def walk_by_keyboard(page: Page, most: int = 80) -> list[str]:
    """Press Tab through the page; return each stop as its tag and name or text, in order."""
    stops: list[str] = []
    # From the page's beginning, wherever the page itself has put the focus.
    page.evaluate(
        "document.body.tabIndex = -1; document.body.focus();"
        "document.body.removeAttribute('tabindex')"
    )
    for _ in range(most):
        page.keyboard.press("Tab")
        stop: str = page.evaluate(
            "(e => e === document.body ? '' : `${e.tagName.toLowerCase()} "
            "${e.id || e.name || e.textContent.trim().slice(0, 30)}`)(document.activeElement)"
        )
        if not stop or stop in stops[:1]:
            break
        stops.append(stop)
    return stops


def unseen_stops(page: Page, most: int = 80) -> list[str]:
    """Press Tab through the page; return where the focus is not to be seen, or goes backwards."""
    page.evaluate("document.activeElement.blur(); window.__before = null")
    faults: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        fault: str | None = page.evaluate(_FOCUS_FAULT)
        if fault is None:
            return faults
        faults += [fault] if fault else []
    return faults
