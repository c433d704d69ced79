"""The bench: each part in turn is opened, tried and closed again."""

from collections.abc import Callable, Iterator
from pathlib import Path

from hardware.errors import HardwareFault
from provisioning.acceptance.board import try_board
from provisioning.acceptance.button import try_button
from provisioning.acceptance.buzzer import try_buzzer
from provisioning.acceptance.camera import try_camera
from provisioning.acceptance.lamp import try_lamp
from provisioning.acceptance.parts import Fitting, P_co, Parts
from provisioning.acceptance.result import Announce, Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.acceptance.storage import try_storage

PARTS = ("camera", "lamp", "buzzer", "button", "board", "storage")


def try_everything(
    parts: Parts,
    *,
    state_dir: Path,
    deadline_s: float,
    press_within_s: float,
    stopwatch: Stopwatch,
    announce: Announce,
) -> Iterator[Result]:
    """Try the parts in the order of PARTS; a part that fails stops none of the others.

    `deadline_s` is what the door gives its journal for one commit.
    """
    # Without a camera nothing is a door, so one that is not fitted is tried, and fails.
    yield _opened("camera", parts.camera, try_camera)
    yield _fitted("lamp", parts.lamp, lambda lamp: try_lamp(lamp, stopwatch, announce))
    yield _fitted("buzzer", parts.buzzer, lambda buzzer: try_buzzer(buzzer, stopwatch, announce))
    yield _fitted(
        "button", parts.button, lambda button: try_button(button, press_within_s, announce)
    )
    yield _fitted("board", parts.board, try_board)
    yield try_storage(state_dir, deadline_s, stopwatch)


def _fitted(part: str, fitting: Fitting[P_co], trial: Callable[[P_co], Result]) -> Result:
    if not fitting.is_fitted:
        said = f'not fitted: [{part}] driver is "{fitting.driver}"'
        return Result(part, Outcome.SKIPPED, said)
    return _opened(part, fitting, trial)


def _opened(part: str, fitting: Fitting[P_co], trial: Callable[[P_co], Result]) -> Result:
    try:
        opened = fitting.open()
        try:
            return trial(opened)
        finally:
            opened.close()
    except HardwareFault as fault:
        return Result(part, Outcome.BAD, str(fault), fault.hint)
