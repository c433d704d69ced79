"""A live hub on a database of its own, a browser, and people who are signed in at it.

`visit` opens a page as somebody, on some screen, in some language:
`page = visit(PHONE, "id", Role.TECHNICIAN)`; then `page.goto("/kiosks/")`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sync.hub.database_url import sqlite_at
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.browser.live_hub import LiveHub
from tests.sync.hub.browser.screens import AXE, ROOT, Screen
from tests.sync.hub.conftest import PinnedClock, chosen
from tests.sync.hub.operators import an_operator, sign_in

_CHROMIUM = "/usr/bin/chromium"
_QR = ROOT / "sync" / "hub" / "web" / "static" / "parts" / "qr.js"
_DEADLINE_MS = 20_000

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def _migrated(_sqlite: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("hub") / "migrated.sqlite3"
    with chosen(sqlite_at(path)):
        call_command("migrate", verbosity=0, interactive=False)
    return path


@pytest.fixture
def committing(_migrated: Path, tmp_path: Path) -> Iterator[None]:
    """The hub answers from other threads: they must see what the test stores."""
    path = tmp_path / "hub.sqlite3"
    shutil.copy(_migrated, path)
    with chosen(sqlite_at(path)):
        yield


@pytest.fixture
def hub(committing: None, clock: PinnedClock) -> Iterator[LiveHub]:
    with LiveHub() as live:
        yield live


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(_CHROMIUM).exists():
        pytest.skip("there is no /usr/bin/chromium; script/setup installs Debian's")
    if not (AXE.exists() and _QR.exists()):
        pytest.skip("no parts from npm; python script/fetch_parts.py fetches them")
    kept = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright runs an event loop in this thread, and Django would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Its sandbox needs what containers and root do not have; it opens our pages only.
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    if kept is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(chromium: Browser, hub: LiveHub, clock: PinnedClock) -> Iterator[Visit]:
    """Open an empty page; errors of its scripts fail the test at its end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(screen: Screen, language: str, role: Role | None = None) -> Page:
        context = chromium.new_context(
            base_url=hub.url,
            viewport={"width": screen.width, "height": screen.height},
            device_scale_factor=screen.scale,
            is_mobile=screen.is_phone,
            has_touch=screen.is_phone,
            locale="en-GB" if language == "en" else "id-ID",
            timezone_id="Asia/Jakarta",
        )
        contexts.append(context)
        context.set_default_timeout(_DEADLINE_MS)
        context.clock.install(time=clock())
        cookies = {"django_language": language}
        if role is not None:
            cookies["sessionid"] = _session_of(role)
        for name, value in cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": hub.url}])
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security" in said.text else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def _session_of(role: Role) -> str:
    """Return the key of the session of somebody with that role, who has given all proofs."""
    operator = Operator.objects.filter(username=role.value).first() or an_operator(role)
    client = Client()
    sign_in(client, operator)
    return client.cookies["sessionid"].value
