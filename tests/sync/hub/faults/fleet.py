"""Many simulated kiosks with real couriers, and a hub over HTTP in this process."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from sync.hub import clock
from sync.hub.fleet.cards import NewDoor, add_door, make_card
from sync.hub.fleet.models import DOORS_PER_OFFICE, Direction
from sync.hub.ingest.models import Conflict, Entry, Epoch, Rejected
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from sync.hub.wsgi import application
from sync.uplink.courier import Courier
from sync.uplink.errors import UplinkError
from sync.uplink.https import HttpsHub
from sync.uplink.spool import Spool
from tests.sync.hub.fake_door import FakeDoor
from tests.sync.hub.faults.simulated_door import SimulatedDoor


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class _HubServer(ThreadedWSGIServer):
    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of couriers that hang up."""


@contextmanager
def serving_hub() -> Iterator[str]:
    """Serve the hub of this process, and give its address."""
    server = _HubServer(("127.0.0.1", 0), _Quiet)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(slots=True)
class Kiosk:
    door: SimulatedDoor
    courier: Courier
    hub: list[HttpsHub]

    def try_once(self) -> str:
        """Run one errand and say how it ended."""
        try:
            self.courier.run_errand()
        except UplinkError as error:
            return error.state
        return "ok"


def _place(number: int) -> NewDoor:
    office = f"Dinas {number // DOORS_PER_OFFICE}"
    return NewDoor(f"Pintu {number}", "Gedung", office, Direction.ENTRY, "office", "Asia/Jakarta")


class Fleet:
    """`hub_url` and `ca_pin` are what the cards say; `folder` is for what couriers keep,
    `most` the largest batch in entries.
    """

    def __init__(
        self, keyring: Keyring, hub_url: str, ca_pin: bytes, folder: Path, *, most: int = 25
    ) -> None:
        self._keyring = keyring
        self._where = (hub_url, ca_pin)
        self._folder = folder
        self._most = most
        self.kiosks: list[Kiosk] = []
        self.ends: Counter[str] = Counter()

    def add(self, kiosks: int, entries_each: int) -> None:
        publish_default(clock.now())
        for number in range(kiosks):
            door = FakeDoor(self._keyring)
            door.see(entries_each)
            place = add_door(_place(len(self.kiosks)))
            token = make_card(place, self._keyring, self._where[0], clock.now()).card.token
            card = (place.public_id, token)
            simulated = SimulatedDoor(door, *self._where, card, self._most)
            self.kiosks.append(self._with_courier(simulated, self._folder / str(number)))

    def run(self, *, workers: int = 4, tries: int = 500) -> None:
        """Have every courier try until its door has nothing left, or `tries` are spent."""
        with ThreadPoolExecutor(workers) as pool:
            for ends in pool.map(lambda kiosk: self._work(kiosk, tries), self.kiosks):
                self.ends += ends

    def close(self) -> None:
        for kiosk in self.kiosks:
            for hub in kiosk.hub:
                hub.close()

    def differences(self) -> list[str]:
        """Return in words what the hub has otherwise than the doors; nothing where all is well."""
        found = [
            f"{model.__name__}: {count}"
            for model in (Conflict, Rejected)
            if (count := model.objects.count())
        ]
        for kiosk in self.kiosks:
            door = kiosk.door.door
            written = [(item.sealed.header.seq, item.chain) for item in door.journal]
            epoch = Epoch.objects.get(device__device_id=door.device, epoch=door.epoch)
            stored = Entry.objects.filter(epoch=epoch).order_by("seq")
            if list(stored.values_list("seq", "chain")) != written:
                found.append(f"{door.device.hex()}: {stored.count()} of {len(written)}")
            if kiosk.door.backlog:
                found.append(f"{door.device.hex()}: {kiosk.door.backlog} are not settled")
        return found

    def _work(self, kiosk: Kiosk, tries: int) -> Counter[str]:
        ends: Counter[str] = Counter()
        while kiosk.door.backlog and ends.total() < tries:
            ends[kiosk.try_once()] += 1
        return ends

    def _with_courier(self, door: SimulatedDoor, folder: Path) -> Kiosk:
        hubs: list[HttpsHub] = []

        def open_hub(url: str, ca_pin: bytes) -> HttpsHub:
            hubs.append(HttpsHub(url, ca_pin, folder))
            return hubs[-1]

        return Kiosk(door, Courier(door, Spool(folder / "down"), open_hub), hubs)
