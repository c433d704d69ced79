import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from standardwebhooks import Webhook as Verifier

from sync.hub.attendance.models import ApiToken, Trouble, Webhook
from sync.hub.attendance.notices import GIVEN_UP_AFTER
from sync.hub.attendance.passing import catch_up
from sync.hub.attendance.posting import Answer, Networks
from sync.hub.attendance.tokens import revoke_token
from sync.hub.attendance.webhooks import remove, resume, set_webhook, tell_all
from sync.hub.errors import CommandFault, UsageFault
from sync.hub.fleet.health.models import Alert, Severity
from sync.hub.fleet.health.watch import Watch
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.attendance.receiver import LOOPBACK, Receiver, a_receiver
from tests.sync.hub.attendance.test_api import Reader, a_token
from tests.sync.hub.conftest import NOW, PinnedClock

_URL = "https://absensi.example.go.id/gapura"
_NAME = "Absensi Online"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(slots=True)
class Far:
    """Stands in for the line and who is at its end; `answer` is what comes back."""

    answer: Answer = field(default_factory=lambda: Answer(None, 204))
    came: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], _allowed: Networks
    ) -> Answer:
        self.came.append((url, body, headers))
        return self.answer

    @property
    def names(self) -> list[str]:
        return [headers["webhook-id"] for _url, _body, headers in self.came]


@dataclass(slots=True)
class Employees:
    """Of one office; each `comes` on another day, and the hub has reckoned it."""

    office: Office
    epoch: AnEpoch = field(init=False)
    _day: int = 1

    def __post_init__(self) -> None:
        self.epoch = AnEpoch(a_door(self.office.name))

    def come(self) -> None:
        self._day += 1
        self.epoch.see(a_person(self.office), Direction.IN, at("8:00", self._day))
        catch_up()


@pytest.fixture
def staff() -> Employees:
    return Employees(an_office())


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    opened = replace(settings.ENVIRONMENT, webhook_networks=LOOPBACK)
    monkeypatch.setattr("sync.hub.installation.environment", lambda: opened)
    with a_receiver() as found:
        yield found


def a_webhook(office: Office | None = None, url: str = _URL) -> str:
    a_token(office, _NAME)
    return set_webhook(_NAME, url, NOW)[1]


def row() -> Webhook:
    return Webhook.objects.get()


def test_a_receiver_is_told_and_reads_on(
    staff: Employees, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of the way: the notice comes over a real line, is verified, and leads to what is new."""
    token = a_token(name=_NAME)
    _row, secret = set_webhook(_NAME, receiver.url, NOW)
    reader = Reader(token)
    tell_all()
    assert receiver.came == []
    for count in (1, 2):
        staff.come()
        tell_all()
        tell_all()
        assert len(receiver.came) == count
        _path, headers, body = receiver.came[-1]
        found = Verifier(secret)
        monkeypatch.setattr(found, "_Webhook__verify_timestamp", _believe)
        found.verify(body.decode(), dict(headers))
        assert json.loads(body)["data"]["cursor"] == reader.cursor
        reader.pull()
        assert len(reader.rows) == count


def _believe(header: str) -> datetime:
    return datetime.fromtimestamp(int(header), NOW.tzinfo)


def test_a_notice_tells_of_nobody(staff: Employees, far: Far) -> None:
    a_webhook()
    staff.come()
    tell_all(far)
    ((_url, body, headers),) = far.came
    person = bytes(staff.office.days.get().subject.sub).hex()
    assert person not in body.decode()
    assert json.loads(body)["data"].keys() == {"cursor"}
    assert headers.keys() == {
        *("Content-Type", "webhook-id", "webhook-timestamp", "webhook-signature"),
    }


def test_nobody_is_told_of_another_office(staff: Employees, far: Far) -> None:
    a_webhook(an_office("Dinas Perhubungan"))
    staff.come()
    tell_all(far)
    assert far.came == []


def test_one_that_was_not_taken_is_sent_again_under_its_name(
    staff: Employees, far: Far, clock: PinnedClock
) -> None:
    """Not before its time; what is new meanwhile is told by the same one."""
    a_webhook()
    staff.come()
    far.answer = Answer(Trouble.STATUS, 503, 2 * _HOUR)
    tell_all(far)
    staff.come()
    far.answer = Answer(None, 204)
    clock.pass_by(2 * _HOUR - timedelta(minutes=3))
    tell_all(far)
    assert len(far.came) == 1
    clock.pass_by(timedelta(minutes=3))
    tell_all(far)
    first, second = far.names
    assert first == second
    assert far.came[0][1] == far.came[1][1]
    assert (row().failures, row().trouble, row().news_at, row().next_at) == (0, "", None, None)
    tell_all(far)
    assert len(far.came) == 2
    staff.come()
    tell_all(far)
    assert far.names[2] != first


def test_it_is_given_up_after_three_days(staff: Employees, far: Far, clock: PinnedClock) -> None:
    """With pauses that grow; until somebody has it tried again, and then nothing was lost."""
    a_webhook()
    staff.come()
    far.answer = Answer(Trouble.NO_ANSWER)
    while row().stopped_at is None:
        tell_all(far)
        clock.pass_by(timedelta(minutes=20))
        assert clock() < NOW + 2 * GIVEN_UP_AFTER
    assert clock() >= NOW + GIVEN_UP_AFTER
    # Without any jitter it would be 20: eight on the first day, six on each of the others.
    assert 15 <= len(far.came) <= 100
    sent = len(far.came)
    clock.pass_by(_DAY)
    staff.come()
    tell_all(far)
    assert len(far.came) == sent
    resume(_NAME)
    far.answer = Answer(None, 200)
    tell_all(far)
    assert (len(far.came), row().stopped_at) == (sent + 1, None)
    assert row().told == staff.office.days.latest("change").change


def test_whoever_wants_no_more_gets_no_more(staff: Employees, far: Far, clock: PinnedClock) -> None:
    a_webhook()
    staff.come()
    far.answer = Answer(Trouble.GONE, 410)
    tell_all(far)
    clock.pass_by(_DAY)
    tell_all(far)
    assert (len(far.came), row().stopped_at) == (1, NOW)


@pytest.mark.parametrize("how", ["revoked", "expired", "removed"])
def test_a_token_that_opens_nothing_tells_nobody(
    staff: Employees, far: Far, clock: PinnedClock, how: str
) -> None:
    a_webhook()
    staff.come()
    if how == "revoked":
        revoke_token(_NAME, NOW)
    elif how == "removed":
        remove(_NAME)
    else:
        clock.pass_by(31 * _DAY)
    tell_all(far)
    assert far.came == []
    with pytest.raises(CommandFault):
        (resume if how == "removed" else _set_again)(_NAME)


def _set_again(name: str) -> None:
    set_webhook(name, _URL, ApiToken.objects.get(name=name).expires)


@pytest.mark.parametrize("how", ["resumed", "revoked", "expired"])
def test_a_fault_stands_on_the_list_of_what_is_to_be_done(
    staff: Employees, far: Far, clock: PinnedClock, keyring: Keyring, how: str
) -> None:
    """After an hour; urgent once it was given up; gone when it is tried again, or the token is."""
    a_webhook()
    staff.come()
    far.answer = Answer(Trouble.TLS)
    tell_all(far)
    watch = Watch(_Nobody(), "")
    watch.round(clock(), keyring)
    assert not Alert.objects.filter(rule="webhook").exists()
    clock.pass_by(_HOUR)
    watch.round(clock(), keyring)
    assert Alert.objects.get(rule="webhook").severity == Severity.WARNING
    clock.pass_by(GIVEN_UP_AFTER)
    tell_all(far)
    watch.round(clock(), keyring)
    alert = Alert.objects.get(rule="webhook", raised_at__isnull=False)
    assert (alert.severity, alert.cleared_at) == (Severity.CRITICAL, None)
    if how == "resumed":
        resume(_NAME)
    elif how == "revoked":
        revoke_token(_NAME, clock())
    else:
        clock.pass_by(30 * _DAY)
    for _ in range(2):
        watch.round(clock(), keyring)
        clock.pass_by(timedelta(minutes=5))
    assert Alert.objects.get(pk=alert.pk).cleared_at is not None


class _Nobody:
    def tell(self, _title: str, _text: str) -> bool:
        return True


def test_another_address_has_another_secret() -> None:
    """What is in the database opens nothing by itself."""
    first = a_webhook()
    made, second = set_webhook(_NAME, f"{_URL}/new", NOW)
    assert (first != second, row().url, row().secret) == (True, f"{_URL}/new", second)
    assert second.startswith("whsec_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM attendance_webhook WHERE id = %s", [made.pk])
        (stored,) = cursor.fetchone()
    assert second.encode() not in bytes(stored)


@pytest.mark.parametrize(
    "url",
    [
        *("", "absensi.example.go.id", "ftp://absensi.example.go.id/", "https://"),
        *("http://absensi.example.go.id/", "https://budi:rahasia@absensi.example.go.id/"),
        *("https://absensi.example.go.id:port/", "https://absensi.example.go.id/#a"),
        *("https://absensi.example.go.id/a b", "https://absensi.example.go.id/\n", "https://[::1"),
        "https://absensi.example.go.id/" + "a" * 500,
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    a_token(name=_NAME)
    with pytest.raises(UsageFault):
        set_webhook(_NAME, url, NOW)
    with pytest.raises(CommandFault, match="no token"):
        set_webhook("nobody", _URL, NOW)
