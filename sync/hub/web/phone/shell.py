"""The files that the pass page needs without a network, and a name for their contents."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

FILES = (
    "web/hub.css",
    "web/gate.svg",
    "phone/phone.css",
    "phone/pass.js",
    "phone/code.js",
    "phone/store.js",
    "phone/icon-192.png",
    "parts/qr.js",
)
_DIGITS = 16


def addresses() -> list[str]:
    return [static(name) for name in FILES]


@lru_cache(maxsize=1)
def version() -> str:
    """Return a name that changes with any of the files: phones then fetch all of them anew."""
    found = sha256()
    for name in FILES:
        path = finders.find(name)
        if path is not None:
            found.update(Path(path).read_bytes())
    return found.hexdigest()[:_DIGITS]
