"""The courier as a service: errand, status, pause, again."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from sync.uplink.courier import Courier, Errand
from sync.uplink.errors import DoorAway, HubAway, HubRefuses, UplinkError
from sync.uplink.pace import Pace

logger = logging.getLogger(__name__)

# Between errands when all is well; it is also how soon a visit is seen at the hub.
EVERY_S = 30.0
_NEW_KIOSK_S = 2.0
_REFUSED_S = 3600.0
_ALIVE_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Status:
    """`last_success_s` is Unix time by this machine's clock: shown, never believed."""

    state: str
    said: str
    last_success_s: int | None


class Service:
    """`wait(seconds)` returns early where there is news, and True where it is time to stop."""

    def __init__(
        self,
        courier: Courier,
        status_path: Path,
        wait: Callable[[float], bool],
        *,
        alive: Callable[[], object],
        every_s: float = EVERY_S,
        pace: Pace | None = None,
    ) -> None:
        self._courier = courier
        self._status_path = status_path
        self._wait = wait
        self._alive = alive
        self._every_s = every_s
        self._pace = pace or Pace()
        self._last_success_s: int | None = None
        self._said = ""
        self._can_tell = True

    def run(self) -> None:
        while True:
            self._alive()
            if self._pause(self.go_once()):
                return

    def _pause(self, seconds: float) -> bool:
        """Wait in pieces, each shorter than the watchdog's patience; True where it is time to
        stop.
        """
        while seconds > 0:
            piece_s = min(seconds, _ALIVE_EVERY_S)
            if self._wait(piece_s):
                return True
            self._alive()
            seconds -= piece_s
        return False

    def go_once(self) -> float:
        """Run one errand and return the seconds until the next."""
        try:
            errand = self._courier.run_errand()
        except HubRefuses as error:
            self._tell("refused", f"{error}; see the kiosk's page at the hub")
            return _REFUSED_S
        except HubAway as error:
            self._tell("hub-away", str(error))
            return self._pace.failed(error.wait_s)
        except DoorAway as error:
            self._tell("door-away", str(error))
            return min(self._pace.failed(None), self._every_s)
        except UplinkError as error:
            self._tell("trouble", str(error))
            return self._pace.failed(None)
        self._pace.succeeded()
        return self._settle(errand)

    def _settle(self, errand: Errand) -> float:
        if not errand.has_hub:
            self._tell("no-hub", "the kiosk belongs to no hub yet: show it an enrolment card")
            return min(_NEW_KIOSK_S, self._every_s)
        self._last_success_s = int(time.time())
        self._tell("ok", "in touch with the hub")
        return self._every_s

    def _tell(self, state: str, said: str) -> None:
        if said != self._said:
            self._said = said
            logger.info("%s: %s", state, said)
        status = Status(state, said, self._last_success_s)
        beside = self._status_path.with_suffix(".new")
        try:
            beside.write_text(json.dumps(asdict(status)))
            beside.replace(self._status_path)
            self._can_tell = True
        except OSError as error:
            if self._can_tell:
                logger.warning("the status cannot be written: %s", error.strerror)
            self._can_tell = False
