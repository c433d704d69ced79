"""The bench: each part in turn is opened, tried and closed again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hardware.errors import HardwareFault
from hardware.interfaces import Camera
from provisioning.acceptance.board import try_board
from provisioning.acceptance.button import try_button
from provisioning.acceptance.buzzer import try_buzzer
from provisioning.acceptance.camera import try_camera
from provisioning.acceptance.clock import Surroundings, try_clock
from provisioning.acceptance.hub import Traces, try_hub
from provisioning.acceptance.lamp import try_lamp
from provisioning.acceptance.network import try_network
from provisioning.acceptance.parts import Fitting, P_co, Parts
from provisioning.acceptance.result import Announce, Ask, Outcome, Result
from provisioning.acceptance.sighting import try_target
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.acceptance.storage import try_storage
from provisioning.acceptance.target import PRINT, SCREEN

_SEEN = ("camera", PRINT.part, SCREEN.part)
_WORKED = ("lamp", "buzzer", "button", "board")
PARTS = (*_SEEN, *_WORKED, "clock", "storage", "network", "hub")


@dataclass(frozen=True, slots=True)
class Place:
    """`deadline_s` is what the door gives its journal for one commit, `within_s` what a person has
    to press the button or to hold up a target.
    """

    around: Surroundings
    traces: Traces
    deadline_s: float
    within_s: float


@dataclass(frozen=True, slots=True)
class Technician:
    """Whoever stands at the bench: told beforehand, and asked afterwards."""

    announce: Announce
    ask: Ask


def try_everything(
    parts: Parts, place: Place, technician: Technician, stopwatch: Stopwatch
) -> Iterator[Result]:
    """Try the parts in the order of PARTS; a part that fails stops none of the others."""
    announce, ask = technician.announce, technician.ask
    # Without a camera nothing is a door, so one that is not fitted is tried, and fails.
    yield from _opened(_SEEN, parts.camera, _camera_trials(place.within_s, announce))
    yield from _fitted("lamp", parts.lamp, lambda lamp: try_lamp(lamp, stopwatch, announce, ask))
    yield from _fitted(
        "buzzer", parts.buzzer, lambda buzzer: try_buzzer(buzzer, stopwatch, announce, ask)
    )
    yield from _fitted(
        "button", parts.button, lambda button: try_button(button, place.within_s, announce)
    )
    yield from _fitted("board", parts.board, try_board)
    yield try_clock(place.around, stopwatch)
    yield try_storage(place.traces.state_dir, place.deadline_s, stopwatch)
    yield try_network(place.around.root, needs_network=place.traces.is_expected)
    yield try_hub(place.traces)


def _camera_trials(within_s: float, announce: Announce) -> list[Callable[[Camera], Result]]:
    return [
        try_camera,
        lambda camera: try_target(camera, PRINT, within_s, announce),
        lambda camera: try_target(camera, SCREEN, within_s, announce),
    ]


def _fitted(part: str, fitting: Fitting[P_co], trial: Callable[[P_co], Result]) -> Iterator[Result]:
    if not fitting.is_fitted:
        said = f'not fitted: [{part}] driver is "{fitting.driver}"'
        return iter([Result(part, Outcome.SKIPPED, said)])
    return _opened([part], fitting, [trial])


def _opened(
    names: Sequence[str], fitting: Fitting[P_co], trials: Sequence[Callable[[P_co], Result]]
) -> Iterator[Result]:
    """Try one part in some ways, for as long as it does not fail."""
    done = 0
    try:
        opened = fitting.open()
        try:
            for trial in trials:
                yield trial(opened)
                done += 1
        finally:
            opened.close()
    except HardwareFault as fault:
        yield Result(names[done], Outcome.BAD, str(fault), fault.hint)
        for name in names[done + 1 :]:
            yield Result(name, Outcome.SKIPPED, f"the {names[done]} has failed")
