"""Tells other systems that there is something new for them to read, and remembers who was told."""

import logging
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max

from sync.hub import clock, installation
from sync.hub.attendance.models import ApiToken, AttendanceDay, Trouble, Webhook
from sync.hub.attendance.notices import GIVEN_UP_AFTER, made_secret, notice_of, wait_after
from sync.hub.attendance.posting import Answer, Networks, post
from sync.hub.environment import is_loopback
from sync.hub.errors import CommandFault, UsageFault
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event

logger = logging.getLogger(__name__)
_SECRET_BYTES = 32
_LONGEST_URL = 500
Post = Callable[[str, bytes, Mapping[str, str], Networks], Answer]


def set_webhook(name: str, url: str, at: datetime) -> tuple[Webhook, str]:
    """Have the system with this token told at that address; return the row, and the secret, which
    is shown once. What there was before is replaced.

    Raises:
        CommandFault: there is no such token, or it opens nothing more.
        UsageFault: the address cannot be used.
    """
    token = _token(name)
    if token.revoked_at is not None or token.expires <= at:
        raise CommandFault(f"the token {name!r} opens nothing any more; make another one first")
    _check(url)
    secret = made_secret(secrets.token_bytes(_SECRET_BYTES))
    with transaction.atomic():
        Webhook.objects.filter(token=token).delete()
        row = Webhook.objects.create(token=token, url=url, secret=secret, made_at=at)
        note(Event.API_ACCESS, {"token": token.pk, "done": "webhook-set"})
    return row, secret


def resume(name: str) -> Webhook:
    """Try again at once, also after the hub gave up.

    Raises:
        CommandFault: there is nothing to try.
    """
    row = _webhook(name)
    row.stopped_at = row.next_at = row.news_at = None
    row.failures, row.trouble, row.status = 0, "", 0
    row.save()
    return row


def remove(name: str) -> Webhook:
    """Tell that system no more.

    Raises:
        CommandFault: it was not told.
    """
    row = _webhook(name)
    with transaction.atomic():
        row.delete()
        note(Event.API_ACCESS, {"token": row.token_id, "done": "webhook-removed"})
    return row


def tell_all(send: Post = post) -> None:
    """Send every notice that is due, one after the other."""
    at = clock.now()
    usable = Webhook.objects.filter(
        stopped_at=None, token__revoked_at=None, token__expires__gt=at
    ).exclude(next_at__gt=at)
    for webhook in usable.select_related("token").order_by("pk"):
        newest = _newest_for(webhook.token)
        if newest > webhook.told:
            _tell(webhook, newest, send)


def _tell(webhook: Webhook, newest: int, send: Post) -> None:
    at = clock.now()
    webhook.news_at = webhook.news_at or at
    notice = notice_of(webhook.pk, webhook.told, webhook.news_at)
    headers = notice.headers(webhook.secret, at)
    answer = send(webhook.url, notice.body, headers, installation.environment().webhook_networks)
    before = (webhook.trouble, webhook.stopped_at)
    if answer.trouble is None:
        webhook.told, webhook.news_at, webhook.next_at = newest, None, None
        webhook.failures = webhook.status = 0
        webhook.trouble = ""
    else:
        _note_failure(webhook, answer, clock.now())
    if before != (webhook.trouble, webhook.stopped_at):
        _log(webhook)
    # Somebody may have set another address meanwhile, which is another row.
    told = ("told", "news_at", "next_at", "failures", "status", "trouble", "stopped_at")
    Webhook.objects.filter(pk=webhook.pk).update(**{name: getattr(webhook, name) for name in told})


def _note_failure(webhook: Webhook, answer: Answer, at: datetime) -> None:
    webhook.failures += 1
    webhook.trouble, webhook.status = str(answer.trouble), answer.status
    # Nobody gains by knowing when the next one comes.
    chance = random.random()  # noqa: S311
    webhook.next_at = at + wait_after(webhook.failures, chance, answer.wait)
    is_over = webhook.news_at is not None and at - webhook.news_at >= GIVEN_UP_AFTER
    if is_over or answer.trouble is Trouble.GONE:
        webhook.stopped_at = at


def _log(webhook: Webhook) -> None:
    if webhook.stopped_at is not None:
        logger.error("webhook %d: given up, %s", webhook.pk, webhook.get_trouble_display())
    elif webhook.trouble:
        logger.warning("webhook %d: %s", webhook.pk, webhook.get_trouble_display())
    else:
        logger.info("webhook %d: notices are taken again", webhook.pk)


def _newest_for(token: ApiToken) -> int:
    days = AttendanceDay.objects.all()
    if token.office_id is not None:
        days = days.filter(office=token.office_id)
    found: int | None = days.aggregate(newest=Max("change"))["newest"]
    return found or 0


def _token(name: str) -> ApiToken:
    found = ApiToken.objects.filter(name=name).first()
    if found is None:
        raise CommandFault(f"there is no token {name!r}")
    return found


def _webhook(name: str) -> Webhook:
    found = Webhook.objects.filter(token=_token(name)).first()
    if found is None:
        raise CommandFault(f"nobody is told for the token {name!r}")
    return found


def _check(url: str) -> None:
    """Raises UsageFault where nothing could be sent there, or not unread."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageFault(f"not an address: {error}") from error
    is_plain = not url.isascii() or not url.isprintable() or " " in url
    if not host or is_plain or len(url) > _LONGEST_URL or "@" in parts.netloc or parts.fragment:
        raise UsageFault("must be an address as https://absensi.example.go.id/gapura")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise UsageFault("must begin with https://")
