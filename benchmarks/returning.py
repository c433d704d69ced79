"""A fleet's return: real couriers and the real hub, in virtual time."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.timeline import Timeline

if TYPE_CHECKING:
    from sync.wire.envelope import Envelope
    from tests.sync.hub.faults.simulated_door import SimulatedDoor

BEGIN = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
_LATENCY_S = 0.15
_LINE_BYTES_PER_S = 64_000
_PATIENCE_S = 60.0
# A power cut over: every kiosk comes up within this.
_TOGETHER_S = 1.0
_LONGEST_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Return:
    """What coming back cost. Seconds are of virtual time, `hub_s` of this machine's.

    `peak_per_s` is the busiest second's requests, `later_peak_per_s` the busiest when all have come
    and the hub is there; `given_up` counts requests that were answered too late. `table_bytes` is
    what entries and visits take in PostgreSQL with their indexes, 0 elsewhere.
    """

    kiosks: int
    entries: int
    processes: int
    requests: int
    given_up: int
    drained_s: float
    peak_per_s: int
    later_peak_per_s: int
    up_bytes: int
    down_bytes: int
    hub_s: float
    entries_per_hub_s: float
    stored: int
    table_bytes: int


@dataclass(slots=True)
class Traffic:
    """What the hub was asked; `free_at_s` is when each of its processes has nothing to do."""

    free_at_s: list[float]
    arrivals: Counter[int] = field(default_factory=Counter)
    requests: int = 0
    given_up: int = 0
    up_bytes: int = 0
    down_bytes: int = 0
    hub_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What all kiosks share. One thread, `hub`, speaks to the database for all of them, as one
    process of the hub does.
    """

    timeline: Timeline
    traffic: Traffic
    hub: ThreadPoolExecutor
    away_s: float

    def ask(self, post: Callable[[bytes], bytes], envelope: bytes) -> tuple[bytes, float]:
        """Return the hub's answer, and the seconds that it took this machine."""
        begun = time.perf_counter()
        answer = self.hub.submit(post, envelope).result()
        return answer, time.perf_counter() - begun


class VirtualHub:
    """The carrier of one kiosk: its requests reach the real hub, at virtual times."""

    offer = None

    def __init__(self, scene: Scene, post: Callable[[bytes], bytes]) -> None:
        self._scene = scene
        self._post = post

    def send(self, envelope: bytes, now: object) -> "list[Envelope]":
        from sync.uplink.errors import HubAway  # noqa: PLC0415
        from sync.wire.envelope import unpack  # noqa: PLC0415

        traffic, timeline = self._scene.traffic, self._scene.timeline
        timeline.sleep(_LATENCY_S / 2 + len(envelope) / _LINE_BYTES_PER_S)
        asked_s = timeline.now_s
        traffic.requests += 1
        traffic.arrivals[int(asked_s)] += 1
        if asked_s < self._scene.away_s:
            raise HubAway("nobody is there")
        traffic.up_bytes += len(envelope)
        place = min(range(len(traffic.free_at_s)), key=traffic.free_at_s.__getitem__)
        answer, took_s = self._scene.ask(self._post, envelope)
        traffic.hub_s += took_s
        done_s = max(asked_s, traffic.free_at_s[place]) + took_s
        traffic.free_at_s[place] = done_s
        if done_s - asked_s > _PATIENCE_S:
            traffic.given_up += 1
            timeline.sleep(_PATIENCE_S)
            raise HubAway("the hub takes too long")
        traffic.down_bytes += len(answer)
        timeline.sleep_until(done_s + _LATENCY_S / 2 + len(answer) / _LINE_BYTES_PER_S)
        return unpack(answer)

    def fetch_part(self, ticket: str, number: int) -> bytes:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is open."""


def come_back(
    doors: "Sequence[SimulatedDoor]",
    folder: Path,
    *,
    processes: int = 1,
    seed: int = 1,
    away_s: float = 0.0,
) -> Return:
    """Let every kiosk be switched on within one second and work until its journal is settled;
    the hub itself is away for the first `away_s` seconds.
    """
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415

    timeline, traffic, chance = Timeline(), Traffic([0.0] * processes), random.Random(seed)
    kept = clock.now
    clock.now = lambda: BEGIN + timedelta(seconds=timeline.now_s)
    with ThreadPoolExecutor(1) as hub:
        scene = Scene(timeline, traffic, hub, away_s)
        try:
            timeline.run(
                _life(door, folder / str(number), scene, begin_s=chance.random() * _TOGETHER_S)
                for number, door in enumerate(doors)
            )
        finally:
            clock.now = kept
            hub.submit(connections.close_all).result()
    return _tell(doors, timeline, traffic, away_s)


def _tell(
    doors: "Sequence[SimulatedDoor]", timeline: Timeline, traffic: Traffic, away_s: float
) -> Return:
    from sync.hub.ingest.models import Entry  # noqa: PLC0415

    later = [count for second, count in traffic.arrivals.items() if second > max(1, away_s)]
    entries = sum(len(door.door.journal) for door in doors)
    return Return(
        kiosks=len(doors),
        entries=entries,
        processes=len(traffic.free_at_s),
        requests=traffic.requests,
        given_up=traffic.given_up,
        drained_s=timeline.now_s,
        peak_per_s=max(traffic.arrivals.values(), default=0),
        later_peak_per_s=max(later, default=0),
        up_bytes=traffic.up_bytes,
        down_bytes=traffic.down_bytes,
        hub_s=traffic.hub_s,
        entries_per_hub_s=entries / traffic.hub_s,
        stored=Entry.objects.filter(epoch__epoch__in=[door.door.epoch for door in doors]).count(),
        table_bytes=_table_bytes(),
    )


def _table_bytes() -> int:
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name)) FROM "
            "unnest(ARRAY['ingest_entry', 'ingest_visit']::regclass[]) AS name"
        )
        return int(cursor.fetchone()[0])


def _life(
    door: "SimulatedDoor", folder: Path, scene: Scene, *, begin_s: float
) -> Callable[[], None]:
    """A kiosk from its switching on: errands at the courier's own pace until all is settled."""
    from sync.uplink.courier import Courier  # noqa: PLC0415
    from sync.uplink.pace import Pace  # noqa: PLC0415
    from sync.uplink.service import Service  # noqa: PLC0415
    from sync.uplink.spool import Spool  # noqa: PLC0415

    timeline = scene.timeline

    def post(envelope: bytes) -> bytes:
        from sync.wire.envelope import MEDIA_TYPE  # noqa: PLC0415

        response = door.door.client.post("/v1/sync", envelope, content_type=MEDIA_TYPE)
        assert response.status_code == 200, response.content
        return bytes(response.content)

    def live() -> None:
        timeline.sleep(begin_s)
        hub = VirtualHub(scene, post)
        courier = Courier(door, Spool(folder / "down"), lambda _url, _pin: hub)
        draw = random.Random(door.door.device).uniform
        service = Service(
            courier, folder / "sync.json", lambda _s: False, alive=lambda: None, pace=Pace(draw)
        )
        while door.backlog and timeline.now_s < _LONGEST_S:
            pause = service.go_once()
            if door.backlog:
                timeline.sleep(pause.seconds)

    return live
