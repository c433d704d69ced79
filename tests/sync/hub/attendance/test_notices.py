import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from sync.hub.attendance.notices import made_secret, notice_of, wait_after
from tests.sync.hub.conftest import NOW

_SECRET = made_secret(bytes(range(32)))
_MINUTE = timedelta(minutes=1)


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier looks at the clock of this machine."""

    class Pinned:
        @staticmethod
        def now(tz: object = None) -> object:
            return NOW

        fromtimestamp = type(NOW).fromtimestamp

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Pinned)


@pytest.mark.usefixtures("_now")
def test_a_kept_library_verifies_a_notice() -> None:
    """As a receiver does that knows the specification and nothing of the hub."""
    notice = notice_of(3, 41, NOW)
    found = Verifier(_SECRET).verify(notice.body.decode(), notice.headers(_SECRET, NOW))
    assert found == {
        "type": "attendance.changed",
        "timestamp": "2026-11-02T03:00:00Z",
        "data": {"cursor": "c41"},
    }


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize("bent", ["body", "webhook-id", "webhook-timestamp", "secret", "old"])
def test_what_is_bent_or_old_is_not_believed(bent: str) -> None:
    notice = notice_of(3, 41, NOW)
    sent = NOW - timedelta(minutes=6) if bent == "old" else NOW
    headers, body = notice.headers(_SECRET, sent), notice.body.decode()
    secret = made_secret(bytes(32)) if bent == "secret" else _SECRET
    if bent in headers:
        headers[bent] = headers[bent][:-1] + ("1" if headers[bent][-1] != "1" else "2")
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body + " " * (bent == "body"), headers)


def test_one_notice_has_one_name() -> None:
    """However often it is sent; the next one, or one of another receiver, has another."""
    first = notice_of(3, 41, NOW)
    assert notice_of(3, 41, NOW) == first
    others = [notice_of(3, 42, NOW), notice_of(4, 41, NOW), notice_of(3, 41, NOW + _MINUTE)]
    assert len({one.name for one in (first, *others)}) == 4
    assert not any("." in one.name for one in others)
    again = first.headers(_SECRET, NOW + _MINUTE)
    assert again["webhook-id"] == first.name
    assert again["webhook-signature"] != first.headers(_SECRET, NOW)["webhook-signature"]


def test_a_notice_tells_of_nobody() -> None:
    assert json.loads(notice_of(3, 41, NOW).body).keys() == {"type", "timestamp", "data"}


def test_waits_double_and_are_spread() -> None:
    """Full jitter: any share of it. What the receiver asks for is kept, up to six hours."""
    assert [wait_after(failures, 1.0) / _MINUTE for failures in (1, 2, 5, 9, 50)] == [
        *(2, 4, 32, 360, 360)
    ]
    assert wait_after(5, 0.25) == 8 * _MINUTE
    assert wait_after(5, 0.0) == timedelta(0)
    assert wait_after(1, 0.0, 90 * _MINUTE) == 90 * _MINUTE
    assert wait_after(1, 0.0, timedelta(days=30)) == 360 * _MINUTE
