"""What is done every minute, every hour and every day, so that nobody has to look at all kiosks."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sync.hub.fleet.health.gathering import active_devices, opening_of
from sync.hub.fleet.health.history import forget_old, hour_of
from sync.hub.fleet.health.judging import judge_all
from sync.hub.fleet.health.notifying import Notifier, tell_news
from sync.hub.fleet.health.traffic import usual_pauses
from sync.hub.keyring import Keyring

logger = logging.getLogger(__name__)
_HOURS_A_DAY = 24


class Watch:
    """Call `round` once a minute. `url` is where people find the to-do list."""

    def __init__(self, notifier: Notifier, url: str) -> None:
        self._notifier = notifier
        self._url = url
        self._hour: int | None = None
        self._pauses: Mapping[int, timedelta] = {}

    def round(self, now: datetime, keyring: Keyring) -> None:
        self._each_hour(now)
        judge_all(now, keyring, self._pauses)
        tell_news(now, self._notifier, self._url)

    def _each_hour(self, now: datetime) -> None:
        """What asks much of the database changes slowly."""
        hour = hour_of(now)
        if hour == self._hour:
            return
        hours = {device.door_id: opening_of(device.door.site) for device in active_devices()}
        self._pauses = usual_pauses(now, hours)
        if self._hour is None or hour // _HOURS_A_DAY != self._hour // _HOURS_A_DAY:
            forget_old(now)
        self._hour = hour
