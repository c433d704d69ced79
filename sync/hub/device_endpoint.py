"""The manners of the endpoints that devices speak to: sizes, types, refusals, short plain text."""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from threading import BoundedSemaphore

from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from sync.hub.errors import HomeFault
from sync.wire.envelope import MEDIA_TYPE, Envelope, open_envelope, pack
from sync.wire.errors import WireError

logger = logging.getLogger(__name__)
_RETRY_S = 10
# Of the server's threads some are left for people's pages, however many devices come at once.
AT_ONCE = 6
_ADMITTED_WITHIN_S = 1.0


class Refused(Exception):
    """A request that is answered with an error status and one line of plain text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Later(Exception):
    """Something here is not ready; the same request may succeed after `after_s` seconds.

    What is told is up to twice as long.
    """

    def __init__(self, text: str, after_s: int = _RETRY_S) -> None:
        super().__init__(text)
        self.text = text
        self.after_s = after_s


Answerer = Callable[[Envelope], list[Envelope]]
Giver = Callable[..., bytes]
View = Callable[..., HttpResponse]
Headers = Callable[[Envelope], Mapping[str, str]]


def device_endpoint(
    most_bytes: int, headers: Headers = lambda _envelope: {}
) -> Callable[[Answerer], View]:
    """Make a view of a function from an envelope to the envelopes that answer it. `headers` go
    along where it did answer.
    """
    places = BoundedSemaphore(AT_ONCE)

    def decorate(answer: Answerer) -> View:
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            def make() -> HttpResponse:
                envelope = _read(request, most_bytes)
                answered = pack(answer(envelope))
                return HttpResponse(answered, content_type=MEDIA_TYPE, headers=headers(envelope))

            return _answered(places, make)

        return csrf_exempt(login_not_required(view))

    return decorate


def device_download(give: Giver) -> View:
    """Make a view of a function that gives bytes for what stands in the address."""
    places = BoundedSemaphore(AT_ONCE)

    @wraps(give)
    def view(request: HttpRequest, **address: object) -> HttpResponse:
        def make() -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                raise Refused(405, "only GET is understood here")
            return HttpResponse(give(**address), content_type="application/octet-stream")

        return _answered(places, make)

    return login_not_required(view)


def _answered(places: BoundedSemaphore, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Make an answer in a place among the devices, also of whatever goes wrong."""
    try:
        with _a_place_of(places):
            return make()
    except Refused as refusal:
        return _refuse(refusal.status, refusal.text)
    except WireError as fault:
        return _refuse(400, str(fault))
    except Later as reason:
        return _later(reason.text, reason.after_s)
    except (DatabaseFault, HomeFault) as fault:
        # The text of either may repeat what is in a row.
        logger.error("a device was put off: %s", type(fault).__name__)
        return _later("the hub cannot store anything at the moment", _RETRY_S)


@contextmanager
def _a_place_of(places: BoundedSemaphore) -> Iterator[None]:
    """Raises Later where all places stay taken."""
    if not places.acquire(timeout=_ADMITTED_WITHIN_S):
        raise Later("too many devices at once")
    try:
        yield
    finally:
        places.release()


def _read(request: HttpRequest, most_bytes: int) -> Envelope:
    if request.method != "POST":
        raise Refused(405, "only POST is understood here")
    if request.content_type != MEDIA_TYPE:
        raise Refused(415, f"the content type must be {MEDIA_TYPE}")
    if _announced_bytes(request) > most_bytes:
        raise Refused(413, f"more than {most_bytes} bytes")
    try:
        return open_envelope(request.body)
    except UnreadablePostError as error:
        raise Refused(400, "the request broke off") from error


def _announced_bytes(request: HttpRequest) -> int:
    """Return the length by which the body will be read; the server has seen to it that it is so."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refuse(status: int, text: str) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 405:
        response["Allow"] = text.split()[1]
    return response


def _later(text: str, after_s: int) -> HttpResponse:
    response = _refuse(503, text)
    # Those who were put off together must not come back together.
    response["Retry-After"] = str(after_s + random.randint(0, after_s))  # noqa: S311
    return response
