"""Whatever is typed into a field, put into an address or sent as a file: no page breaks by it."""

import inspect
import re
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

import sync.hub
from sync.hub.keyring import Keyring
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.web.crawler import Crawler, is_page, text_of
from tests.sync.hub.web.forms import Form, Page
from tests.sync.hub.web.furnished import furnish
from tests.sync.hub.web.hostile_files import hostile_files
from tests.sync.hub.web.test_access import addresses

_MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% now 'Y' %}"
_RAW = ("<script>alert(1)", "<img src=x onerror")
# As bytes of an address: what no text can hold goes that way as well.
_TEXTS = (
    "",
    "\0",
    "\u202ekilab\u2066 \x07\x1b[31m\r\nSet-Cookie: a=b",
    '=HYPERLINK("http://elsewhere.example")',
    _MARKUP,
    "9" * 5000,
    "-" + "9" * 30,
    "NaN'; DROP TABLE people_subject; --",
    "²",
    "0001-01-01T00:00",
    "9999-12-31",
    '{"a": ["\\ud800"',
    "\N{MAN}" * 300,
    "00000000000000zz",
    "../../etc/passwd",
)
HOSTILE = (*(quote(text) for text in _TEXTS), "%ED%A0%80", "%FF%FE%00", "%")
_WORST = (HOSTILE[1], HOSTILE[4], HOSTILE[5])
_TEN_MB = b"A" * (10 * 1024 * 1024)
_FORM = "application/x-www-form-urlencoded"
_ROLES = (Role.DISKOMINFO, Role.PERSONNEL, Role.TRACING, Role.DPO, None)
_ASKED = re.compile(r'GET(?:\.get|\.getlist)?[\[(]"(\w+)"')
_BUSY = 503


def asked_in_addresses() -> set[str]:
    """Return what the hub's pages read from an address's question mark on."""
    files = Path(sync.hub.__file__).parent.rglob("*.py")
    return {name for file in files for name in _ASKED.findall(file.read_text())}


def reads_addresses(path: str) -> bool:
    """Say whether a page of our own has to do with what stands behind the question mark."""
    found = sys.modules[resolve(path).func.__module__]
    if found.__name__.startswith("django."):
        return False
    return re.search(r"\.GET\b|page_of", inspect.getsource(found)) is not None


class Attack:
    """`faults` has what went wrong, and by which value."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.faults: list[str] = []
        self.count = 0

    def judge(self, reply: object, told: str) -> None:
        self.count += 1
        status = reply.status_code  # type: ignore[attr-defined]
        if status >= 500 and (status != _BUSY or reply.exc_info):  # type: ignore[attr-defined]
            self.faults.append(f"{status} {told}: {getattr(reply, 'exc_info', None)}")
        if not is_page(reply):
            return
        text = text_of(reply)
        policy = str(reply.headers.get("Content-Security-Policy", ""))  # type: ignore[attr-defined]
        if "default-src 'none'" not in policy or "unsafe" in policy:
            self.faults.append(f"no policy: {told}")
        if any(raw in text for raw in _RAW) or Page(text).running:
            self.faults.append(f"runs: {told}: {Page(text).running}")

    def ask(self, path: str, names: set[str]) -> None:
        """Put each value into all that an address may ask, at once; three where nothing is read."""
        for value in HOSTILE if reads_addresses(path) else _WORST:
            query = "&".join(f"{name}={value}" for name in sorted(names))
            reply = self.client.generic("GET", path, QUERY_STRING=query)
            self.judge(reply, f"GET {path}?…={value[:40]}")

    def fill(self, form: Form) -> None:
        """Each value into all fields at once, then the worst into each field by itself."""
        for value in HOSTILE:
            self._post(form, dict.fromkeys(form.names, value), value)
        for name in form.names:
            for value in _WORST[1:]:
                self._post(form, self._usual(form) | {name: value}, f"{name}={value}")
        for name in sorted(form.names)[:1]:
            self._send(form, quote(name).encode() + b"=" + _TEN_MB, "10 MB")
        self._send(form, b"x&" * 5000, "5000 fields")
        for part in (b"", b"--x", b"--x\r\nContent-Disposition: form-data; name=\xed\xa0\x80"):
            kind = "multipart/form-data; boundary=x"
            self._send(form, part, f"multipart {part!r}", kind)
        self._send(form, b"x", "multipart without a boundary", "multipart/form-data")
        self._send(form, b"x=1", "unknown charset", f"{_FORM}; charset=nonsense")
        for name, content in hostile_files().items() if form.files else ():
            files = {field: SimpleUploadedFile(name, content) for field in form.files}
            reply = self.client.post(form.action, form.fields | files)
            self.judge(reply, f"{form.action}: {name}")

    def _usual(self, form: Form) -> dict[str, str]:
        return {name: quote(value) for name, value in [*form.fields.items(), *form.buttons[:1]]}

    def _post(self, form: Form, fields: dict[str, str], told: str) -> None:
        body = "&".join(f"{quote(name)}={value}" for name, value in fields.items())
        self._send(form, body.encode(), told)

    def _send(self, form: Form, body: bytes, told: str, kind: str = _FORM) -> None:
        path = form.action
        if form.method == "get":
            path, body = path.partition("?")[0], body[:20_000]
            query = body.decode("latin-1")
            reply = self.client.generic("GET", path, QUERY_STRING=query)
        else:
            reply = self.client.generic("POST", path, body, content_type=kind)
        self.judge(reply, f"{form.method} {path}: {told[:60]}")


@pytest.fixture
def met(keyring: Keyring, clock: PinnedClock) -> set[object]:
    """What somebody else was shown already need not be attacked again."""
    furnish(keyring, clock, "Seberang")
    return set()


@pytest.mark.long
def test_no_page_breaks(met: set[object]) -> None:
    """Every page and form that any role is led to, and every address by itself."""
    names = asked_in_addresses()
    assert {"page", "before", "next"} <= names
    for role in _ROLES:
        client = Client(raise_request_exception=False)
        if role is not None:
            sign_in(client, an_operator(role))
        crawler, attack = Crawler(client), Attack(client)
        crawler.crawl([address for _name, address in addresses()])
        for told, reply in crawler.replies:
            attack.judge(reply, told)
        for name, path in crawler.pages.items():
            if name not in met:
                met.add(name)
                attack.ask(path, names)
        for key, form in crawler.forms.items():
            if key not in met:
                met.add(key)
                attack.fill(form)
        for path in crawler.pages.values():
            attack.judge(client.get(path), f"afterwards {path}")
        assert not attack.faults, "\n".join(attack.faults)
        assert attack.count > len(HOSTILE), role
