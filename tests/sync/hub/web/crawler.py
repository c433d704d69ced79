"""Opens what leads on from page to page, as somebody who presses every link and every button.

So a new page is met by what is tested on all of them as soon as some page leads to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.sync.hub.web.forms import Form, Page

# Whoever presses these is somebody else afterwards.
_LEFT_ALONE = {"sign-out", "language"}
# Of Django's own forms one of a kind is enough.
_OF_DJANGO = ("_change", "_changelist", "_delete", "_history")
_MOST_STEPS = 1000


class Reply(Protocol):
    """As Django's test client answers."""

    status_code: int
    content: bytes
    headers: Any

    def __getitem__(self, name: str) -> str: ...


def name_of(address: str) -> str:
    """Return the name of the view behind an address, empty where there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def is_worth_it(name: str) -> bool:
    if name.startswith("admin:"):
        return name.startswith(("admin:fleet", "admin:health")) and not name.endswith(_OF_DJANGO)
    return bool(name) and name not in _LEFT_ALONE


def text_of(reply: Any) -> str:
    if getattr(reply, "streaming", False):
        return b"".join(reply.streaming_content).decode(errors="replace")
    return str(reply.content.decode(errors="replace"))


def is_page(reply: Any) -> bool:
    return str(reply.headers.get("Content-Type", "")).startswith("text/html")


@dataclass(slots=True)
class Crawler:
    """`pages` has an address of each view that answered, `forms` each form that was met once."""

    client: Client
    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, frozenset[str]], Form] = field(default_factory=dict)
    replies: list[tuple[str, Any]] = field(default_factory=list)

    def crawl(self, starts: list[str]) -> None:
        known = {start: name_of(start) for start in starts}
        waiting = [Form(start, "get") for start, name in known.items() if is_worth_it(name)]
        for _step in range(_MOST_STEPS):
            if not waiting:
                return
            form = waiting.pop(0)
            waiting += self._open(form)
        raise AssertionError(f"there is no end of pages: {sorted(self.pages)}")

    def _open(self, form: Form) -> Iterator[Form]:
        path = form.action.partition("?")[0]
        fields = form.fields | dict(form.buttons[:1])
        if form.method == "get":
            reply = self.client.get(form.action if not fields else path, fields or None)
            self.pages.setdefault(name_of(path), path)
        else:
            reply = self.client.post(form.action, fields)
        self.replies.append((f"{form.method} {path}", reply))
        if 300 <= reply.status_code < 400:
            return self._new_links([urljoin(path, reply["Location"])])
        if not is_page(reply):
            return iter(())
        page = Page(text_of(reply))
        links = [urljoin(path, link) for link in page.links]
        return iter([*self._new_links(links), *self._new_forms(page, path)])

    def _new_links(self, links: list[str]) -> Iterator[Form]:
        for link in links:
            name = name_of(link)
            if is_worth_it(name) and name not in self.pages:
                self.pages[name] = urlsplit(link).path
                yield Form(link, "get")

    def _new_forms(self, page: Page, path: str) -> Iterator[Form]:
        for form in page.forms:
            form.action = urljoin(path, form.action or path)
            name = name_of(form.action)
            key = (name, form.names)
            if is_worth_it(name) and key not in self.forms:
                self.forms[key] = form
                yield form
