"""The loopback is asked directly, whatever proxy this machine is set to use."""

import logging
import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command may set signals and log levels; the next test finds them as they were."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    level = logging.getLogger("urllib3").level
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
    logging.getLogger("urllib3").setLevel(level)
