"""What happens to one card: enrolled by a file, a day at the door, the power cut, the next boot."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.image.kiosk import Kiosk
from tests.image.machine import BootFiles, Machine, card_of
from tests.image.outside import OutsideHub

# A machine that QEMU emulates on two busy cores; on idle ones it takes a third of this.
BOOT_S = 900.0
SYNC_S = 240.0
# Long before any build: what a board without a battery believes at power on.
LONG_AGO = "2001-01-01T00:00:00"


class Untrue(Exception):
    """Something that must hold does not; the message says what."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """`colour` is what the lamp must show; `cti` is empty where no pass is known by it."""

    payload: str
    colour: str
    cti: str


@dataclass(slots=True)
class Bench:
    """What every step needs."""

    image: Path
    boot: BootFiles
    folder: Path
    hub: OutsideHub
    disk: Path
    say: Callable[[str], None]
    figures: dict[str, object] = field(default_factory=dict)

    def machine(self, card: Path, name: str, clock: str = LONG_AGO) -> Machine:
        return Machine(card, self.boot, self.folder, name, self.disk, clock)

    def note(self, name: str, value: object) -> None:
        self.figures[name] = value
        self.say(f"    {name}: {value}")


def one_life(bench: Bench, people: dict[str, list[Visitor]]) -> None:
    """Raises GuestFailure or Untrue."""
    with card_of(bench.image, bench.folder, "story") as card:
        with bench.machine(card, "first-boot") as machine:
            kiosk = Kiosk(machine)
            bench.say("First boot: enrolled by kiosk.toml, its clock in 2001")
            bench.note("first_boot_ready_s", round(kiosk.wait_until_ready(BOOT_S)))
            inspect(bench, kiosk)
            bench.say("A day at the door")
            day_at_the_door(bench, kiosk, people["first"])
            bench.say("The power is cut as soon as the next green light is seen")
            kiosk.look_at("second")
            (light,) = kiosk.wait_for_lights(1, BOOT_S)
            machine.cut_power()
        with bench.machine(card, "second-boot", clock="1970-01-02T00:00:00") as machine:
            kiosk = Kiosk(machine)
            bench.say("The next boot, its clock in 1970")
            bench.note("next_boot_ready_s", round(kiosk.wait_until_ready(BOOT_S)))
            lit = people["second"][0]
            arrived(bench, [(lit, light.seen_ms)])
            bench.note("lit_and_cut_off_at_once", "arrived")


def day_at_the_door(bench: Bench, kiosk: Kiosk, visitors: list[Visitor]) -> None:
    began = time.monotonic()
    kiosk.look_at("first")
    lights = kiosk.wait_for_lights(len(visitors), BOOT_S)
    for visitor, light in zip(visitors, lights, strict=True):
        if light.colour != visitor.colour:
            raise Untrue(f"the lamp showed {light.colour} where {visitor.colour} is right")
    bench.note("lights", [light.colour for light in lights])
    bench.note("day_s", round(time.monotonic() - began))
    seen = [(visitor, light.seen_ms) for visitor, light in zip(visitors, lights, strict=True)]
    bench.note("arrived_after_s", round(arrived(bench, seen)))


def arrived(bench: Bench, seen: list[tuple[Visitor, int]]) -> float:
    """Every pass that was lit is at the hub, once, and the true time lies in the visit's own."""
    began = time.monotonic()
    for visitor, seen_ms in seen:
        if not visitor.cti:
            continue
        while not (visits := bench.hub.visits_of(visitor.cti)):
            if time.monotonic() - began > SYNC_S:
                raise Untrue("a visit that was lit has not reached the hub")
            time.sleep(1)
        if len(visits) != 1:
            raise Untrue(f"the hub has {len(visits)} visits where one was lit")
        ((lower_ms, upper_ms),) = visits
        # The console is a little later than the decision.
        if not lower_ms - 1_000 <= seen_ms <= upper_ms + 30_000:
            raise Untrue(f"seen at {seen_ms}, but the hub says {lower_ms} to {upper_ms}")
    return time.monotonic() - began


def inspect(bench: Bench, kiosk: Kiosk) -> None:
    """What the image promises of itself, asked of the running system."""
    for what, command, right in _PROMISES:
        said = kiosk.ask(command)
        if said != right:
            raise Untrue(f"{what}: {said!r} where {right!r} is promised")
    bench.note("promises_held", len(_PROMISES))
    grown = int(kiosk.ask("df -BM --output=size /data | tail -1 | tr -dc 0-9"))
    if grown < 3000:
        raise Untrue(f"the data partition has {grown} MB of a card of 4 GB")
    bench.note("data_mb", grown)
    bench.note("memory_used_mb", int(kiosk.ask(_MEMORY)))
    bench.note("clock_off_by_s", abs(int(kiosk.ask("date +%s")) - int(time.time())))
    bench.note("systemd", kiosk.ask("systemd-analyze time | head -1"))


_MEMORY = "awk '/^MemTotal/ {t = $2} /^MemAvailable/ {print int((t - $2) / 1024)}' /proc/meminfo"
_PROMISES = (
    ("the root is a layer over a file system", "findmnt -no FSTYPE /", "overlay"),
    (
        "that is read-only and packed",
        "findmnt -no FSTYPE,OPTIONS /media/root-ro | cut -c1-11",
        "squashfs ro",
    ),
    ("the journal has its own partition", "findmnt -no LABEL /var/lib/gapura", "gapura-data"),
    ("so has the courier", "findmnt -no LABEL /var/lib/gapura-sync", "gapura-data"),
    ("and the networks", "findmnt -no LABEL /etc/NetworkManager/system-connections", "gapura-data"),
    ("no swap", "swapon --noheadings | wc -l", "0"),
    ("logs in memory", "test ! -e /var/log/journal && ls -d /run/log/journal", "/run/log/journal"),
    (
        "the hardware's watchdog",
        "systemctl show --property RuntimeWatchdogUSec --value",
        "30s",
    ),
    ("is used", "cat /sys/class/watchdog/watchdog0/state", "active"),
    ("WiFi does not save power", "NetworkManager --print-config | grep -c 'wifi.powersave=2'", "1"),
    ("nobody can sign in", "passwd --status root | cut -d' ' -f2", "L"),
    ("nothing failed", "systemctl list-units --failed --no-legend --plain", ""),
    ("nothing listens", "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\"' | wc -l", "0"),
)
