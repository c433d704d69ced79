"""Who is at work in this thread: an operator by their key, or a command of the shell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

NOBODY = "-"
"""Somebody who has not signed in, or the hub by itself."""

_ACTOR: ContextVar[str] = ContextVar("actor", default=NOBODY)


def current_actor() -> str:
    return _ACTOR.get()


@contextmanager
def acting(actor: str) -> Iterator[None]:
    token = _ACTOR.set(actor)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def operator_name(key: int) -> str:
    return f"operator:{key}"


class Acting:
    """Says for the time of a request who has signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.user.pk
        with acting(NOBODY if key is None else operator_name(key)):
            return self._get_response(request)
