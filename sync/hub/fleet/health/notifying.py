"""Tells people what is new on the to-do list, by whatever way they chose."""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from apprise import Apprise
from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from sync.hub.errors import SettingFault
from sync.hub.fleet.health.models import Alert
from sync.hub.fleet.health.todo import Item, todo_list
from sync.hub.home import read_private

logger = logging.getLogger(__name__)
# A message that is not read to its end helps nobody; the page has the rest.
_MOST_LINES = 20


class Notifier(Protocol):
    def tell(self, title: str, text: str) -> bool:
        """Return whether it was delivered to everybody."""
        ...


class AppriseNotifier:
    """Sends to addresses as `apprise` writes them: Telegram, e-mail, webhooks and others."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._apprise = Apprise()
        for number, address in enumerate(addresses, start=1):
            # The address holds a password: it is not repeated.
            if not self._apprise.add(address):
                raise SettingFault(f"address {number} for notifications cannot be used")

    def tell(self, title: str, text: str) -> bool:
        return bool(self._apprise.notify(body=text, title=title))


class Nobody:
    """Nobody is to be told."""

    def tell(self, title: str, text: str) -> bool:
        return True


def open_notifier(path: Path) -> Notifier:
    """Read the addresses, one a line, from a private file; there need not be one.

    Raises:
        SettingFault: an address cannot be used.
        HomeFault: others can read the file.
    """
    if not path.exists():
        return Nobody()
    lines = read_private(path).decode(errors="replace").splitlines()
    addresses = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return AppriseNotifier(addresses) if addresses else Nobody()


def tell_news(now: datetime, notifier: Notifier, url: str) -> None:
    """Tell once of each item when it comes and when it grows critical, and once when it is over.

    What could not be delivered is told again the next time.
    """
    told = dict(Alert.objects.filter(told__gt=0).values_list("pk", "told"))
    fresh = [item for item in todo_list(now) if _is_news(item, told)]
    over = Alert.objects.filter(cleared_at__isnull=False, told__gt=0)
    count = over.count()
    if not fresh and not count:
        return
    with override(settings.LANGUAGE_CODE):
        title = _("Gapura: %(new)d new, %(over)d over") % {"new": len(fresh), "over": count}
        delivered = notifier.tell(title, "\n".join([*_lines(fresh), url]))
    if not delivered:
        logger.warning("a notification could not be delivered; it is sent again")
        return
    _note_told([pk for item in fresh for pk in item.alerts])
    over.update(told=0)


def _is_news(item: Item, told: dict[int, int]) -> bool:
    return max(told.get(pk, 0) for pk in item.alerts) < item.severity


def _note_told(alerts: Sequence[int]) -> None:
    Alert.objects.filter(pk__in=alerts).update(told=F("severity"))


def _lines(items: Sequence[Item]) -> list[str]:
    lines = [" · ".join(filter(None, (item.site, item.door, _sentence(item)))) for item in items]
    if len(lines) > _MOST_LINES:
        more = _("and %(count)d more") % {"count": len(lines) - _MOST_LINES}
        return [*lines[:_MOST_LINES], more]
    return lines


def _sentence(item: Item) -> str:
    return f"{item.said}. {item.todo}"
