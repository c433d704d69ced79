"""The service manager, where there is one: readiness, and the watchdog that is fed by an answer."""

import http.client
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)
Notify = Callable[[str], object]
_US_A_SECOND = 1_000_000
# Longer than the database may keep one request waiting, see sync.hub.database_url.
_PATIENCE_S = 30.0


def find_notifier() -> Notify:
    """Return what tells systemd, where it started this process and waits for word."""
    if not os.environ.get("NOTIFY_SOCKET"):
        return lambda _word: None
    from systemd.daemon import notify  # noqa: PLC0415 (absent where nobody waits for word)

    return notify  # type: ignore[no-any-return]


def watchdog_s() -> float | None:
    """Return how long the manager waits for a sign of life; None where it does not."""
    given = os.environ.get("WATCHDOG_USEC", "")
    return int(given) / _US_A_SECOND if given.isdecimal() and int(given) else None


@contextmanager
def kept_alive(notify: Notify, within_s: float | None, url: str) -> Iterator[None]:
    """Feed the watchdog for as long as the hub at `url` answers, whatever it answers: a database
    that is away is no reason to start the hub again, and eight threads that all hang are.
    """
    if within_s is None:
        yield
        return
    over = Event()
    # What it waits for when the hub stops may never come.
    work = (notify, within_s / 4, url, over)
    Thread(target=_feed, args=work, name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _feed(notify: Notify, every_s: float, url: str, over: Event) -> None:
    while not over.is_set():
        if answers(url):
            notify("WATCHDOG=1")
        over.wait(every_s)


def answers(url: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as fault:
        logger.warning("the hub does not answer itself: %s", type(fault).__name__)
        return False
    finally:
        connection.close()
    return True
