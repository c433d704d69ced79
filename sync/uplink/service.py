"""The courier as a service: errand, status, pause, again."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sync.uplink import status
from sync.uplink.courier import Courier, Errand
from sync.uplink.errors import DoorAway, HubAway, HubRefuses, NoNetwork, UplinkError
from sync.uplink.pace import Pace
from sync.uplink.status import Status

logger = logging.getLogger(__name__)

# Between errands when all is well; it is also how soon a visit is seen at the hub.
EVERY_S = 30.0
_NEW_KIOSK_S = 2.0
_PIECE_S = 2.0


@dataclass(frozen=True, slots=True)
class Pause:
    """`for_network` is whether it ends where a network comes: not where the hub asked for it."""

    seconds: float
    for_network: bool = False


class Service:
    """`wait(seconds)` returns early where there is news, and True where it is time to stop.
    `network_has_come()` says whether there is one that was not there when it was last asked.
    `has_network()` says whether there is any; `meanwhile` is called every two seconds of a pause.
    """

    def __init__(
        self,
        courier: Courier,
        status_path: Path,
        wait: Callable[[float], bool],
        *,
        alive: Callable[[], object],
        every_s: float = EVERY_S,
        pace: Pace | None = None,
        network_has_come: Callable[[], bool] = lambda: False,
        has_network: Callable[[], bool] = lambda: True,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        self._courier = courier
        self._status_path = status_path
        self._wait = wait
        self._alive = alive
        self._every_s = every_s
        self._pace = pace or Pace()
        self._network_has_come = network_has_come
        self._has_network = has_network
        self._meanwhile = meanwhile
        self._status = Status("starting", "the courier has begun", "", *_now(), None, None)
        self._can_tell = True

    def run(self) -> None:
        while True:
            self._alive()
            if self._pause(self.go_once()):
                return

    def _pause(self, pause: Pause) -> bool:
        """Wait in pieces, each shorter than the watchdog's patience; True where it is time to
        stop.
        """
        seconds, for_network = pause.seconds, pause.for_network
        while seconds > 0:
            piece_s = min(seconds, _PIECE_S)
            if self._wait(piece_s):
                return True
            self._alive()
            self._meanwhile()
            seconds -= piece_s
            if for_network and self._network_has_come():
                logger.info("a network has come")
                seconds, for_network = min(seconds, self._pace.found_network()), False
        return False

    def go_once(self) -> Pause:
        """Run one errand and return the pause until the next."""
        # What has come before the errand is no news; what comes while it fails, is.
        self._network_has_come()
        try:
            errand = self._courier.run_errand(self._in_touch)
        except HubRefuses as error:
            self._tell_of(error)
            return Pause(self._pace.refused())
        except HubAway as error:
            is_cut_off = type(error) is HubAway and not self._has_network()
            self._tell_of(NoNetwork("there is no network") if is_cut_off else error)
            return Pause(self._pace.failed(error.wait_s), for_network=error.wait_s is None)
        except DoorAway as error:
            self._tell_of(error)
            return Pause(min(self._pace.failed(None), self._every_s))
        except UplinkError as error:
            self._tell_of(error)
            return Pause(self._pace.failed(None))
        self._pace.succeeded()
        return self._settle(errand)

    def _settle(self, errand: Errand) -> Pause:
        if not errand.has_hub:
            advice = "show the kiosk an enrolment card"
            self._tell("no-hub", "the kiosk belongs to no hub yet", advice)
            return Pause(min(_NEW_KIOSK_S, self._every_s))
        return Pause(self._every_s)

    def _in_touch(self) -> None:
        self._tell("ok", "in touch with the hub", "", in_touch=True)

    def _tell_of(self, error: UplinkError) -> None:
        self._tell(error.state, str(error), error.advice)

    def _tell(self, state: str, said: str, advice: str, *, in_touch: bool = False) -> None:
        before, now = self._status, _now()
        if (state, said) != (before.state, before.said):
            logger.info("%s: %s", state, said)
        self._status = Status(
            state,
            said,
            advice,
            *(now if state != before.state else (before.since_s, before.since_boot_s)),
            *(now if in_touch else (before.last_success_s, before.last_success_boot_s)),
            self._courier.round_trip_ms,
        )
        try:
            status.write(self._status_path, self._status)
            self._can_tell = True
        except OSError as error:
            if self._can_tell:
                logger.warning("the status cannot be written: %s", error.strerror)
            self._can_tell = False


def _now() -> tuple[int, int]:
    return int(time.time()), status.boot_s()
