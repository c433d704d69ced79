"""The power is cut at moments drawn by chance; after each, the kiosk must come back by itself."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.image.kiosk import Kiosk
from tests.image.machine import card_of
from tests.image.story import BOOT_S, Bench, Visitor, arrived

# What the machine is doing when the power goes. Each is drawn in turn.
SCENES = ("first boot", "boot", "operation")


@dataclass(frozen=True, slots=True)
class Cut:
    """`lights` were seen before the cut; all of them were at the hub afterwards."""

    scene: str
    at_s: float
    lights: int
    back_after_s: float


def cut_often(
    bench: Bench,
    images: Sequence[Path],
    people: Sequence[tuple[str, Sequence[Visitor]]],
    *,
    seed: int,
) -> list[Cut]:
    """Cut once for each image, which has an enrolment card of its own.

    Raises:
        GuestFailure: a kiosk did not come back.
        Untrue: a visit that was lit is not at the hub.
    """
    chance = random.Random(seed)
    usual_s = float(str(bench.figures["first_boot_ready_s"]))
    cuts = []
    for number, (image, (group, visitors)) in enumerate(zip(images, people, strict=True)):
        scene = SCENES[number % len(SCENES)]
        with card_of(image, bench.folder, f"cut-{number}") as card:
            people_of = (group, visitors)
            cut = _cut(bench, card, scene, people_of, chance=chance, usual_s=usual_s)
        bench.say(
            f"    {number + 1}. {scene}, {cut.at_s:.0f} s after power on, {cut.lights} lit: "
            f"back after {cut.back_after_s:.0f} s"
        )
        cuts.append(cut)
    return cuts


def _cut(
    bench: Bench,
    card: Path,
    scene: str,
    people: tuple[str, Sequence[Visitor]],
    *,
    chance: random.Random,
    usual_s: float,
) -> Cut:
    (group, visitors), name, lit = people, card.stem, []
    if scene != "first boot":
        with bench.machine(card, f"{name}-before") as machine:
            Kiosk(machine).wait_until_ready(BOOT_S)
    with bench.machine(card, f"{name}-cut") as machine:
        kiosk = Kiosk(machine)
        if scene == "operation":
            kiosk.wait_until_ready(BOOT_S)
            kiosk.look_at(group)
            seen = kiosk.wait_for_lights(chance.randint(1, len(visitors)), BOOT_S)
            machine.sleep(chance.uniform(0, 2))
            lit = list(zip(visitors, (light.seen_ms for light in seen), strict=False))
        else:
            machine.sleep(chance.uniform(3, usual_s))
        at_s = machine.up_s
        machine.cut_power()
    with bench.machine(card, f"{name}-back") as machine:
        back_s = Kiosk(machine).wait_until_ready(BOOT_S)
        arrived(bench, lit)
    return Cut(scene, at_s, len(lit), back_s)
