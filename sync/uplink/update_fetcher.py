"""Fetches an update that the hub offers, part by part, for a while after each errand."""

import logging
from collections.abc import Callable

from sync.uplink.errors import UplinkError
from sync.uplink.hub import Hub
from sync.uplink.update_box import UpdateBox

logger = logging.getLogger(__name__)

# Visits that come meanwhile wait for so long, and for the part that is on its way.
AT_ONCE_S = 20.0


class UpdateFetcher:
    """`clock` counts seconds."""

    def __init__(self, box: UpdateBox, clock: Callable[[], float]) -> None:
        self._box = box
        self._clock = clock
        self._said = ""

    def go(self, hub: Hub) -> None:
        """Fetch what there is time for. What goes wrong is logged, and tried at the next errand."""
        if not self._box.lock.acquire(blocking=False):
            # A stick brings one.
            return
        try:
            self._fetch(hub)
            self._said = ""
        except UplinkError as error:
            if str(error) != self._said:
                logger.warning("an update has to wait: %s", error)
            self._said = str(error)
        finally:
            self._box.lock.release()

    def _fetch(self, hub: Hub) -> None:
        offer = hub.offer
        if offer is None or self._box.was_handed_over(offer.sha256):
            return
        if not self._box.wants(offer.version):
            return
        until_s = self._clock() + AT_ONCE_S
        while (number := self._box.missing_part(offer)) is not None:
            if self._clock() >= until_s:
                return
            self._box.add(offer, number, hub.fetch_part(offer.ticket, number))
        self._box.finish(offer)
