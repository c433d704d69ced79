"""A camera before which phones are held up as a file says."""

from collections.abc import Callable
from pathlib import Path

from hardware.errors import CameraFault
from hardware.interfaces import Frame, GreyImage
from hardware.simulated.phone import render, render_empty
from hardware.simulated.stage import Stage

FRAMES_PER_S = 15


class SimulatedCamera:
    """What is seen depends on the stage, the boot time and the seed alone: a restarted process
    goes on where the clock is. Set `fault` to have every frame fail with it.
    """

    def __init__(
        self,
        source: str,
        *,
        width_px: int,
        height_px: int,
        seed: int,
        boot_ms: Callable[[], int],
        sleep: Callable[[float], None],
    ) -> None:
        """`source` is the path of the stage file."""
        self.fault: CameraFault | None = None
        self._stage = Stage(Path(source), seed=seed)
        self._source = source
        self._width_px, self._height_px = width_px, height_px
        self._seed = seed
        self._boot_ms = boot_ms
        self._sleep = sleep
        self._last_tick = -1
        self._closed = False

    def frame(self, timeout_s: float) -> Frame:
        self._check_open()
        if self.fault is not None:
            self._sleep(timeout_s)
            raise self.fault
        tick = max(self._boot_ms() * FRAMES_PER_S // 1000, self._last_tick) + 1
        taken_ms = -(-tick * 1000 // FRAMES_PER_S)
        self._sleep_until(taken_ms, timeout_s)
        self._last_tick = tick
        return Frame(grey=self._picture(taken_ms), boot_ms=taken_ms)

    def describe(self) -> str:
        self._check_open()
        return f"simulated, {self._source}, {self._width_px}x{self._height_px}"

    def close(self) -> None:
        self._closed = True

    def _sleep_until(self, taken_ms: int, timeout_s: float) -> None:
        wait_s = (taken_ms - self._boot_ms()) / 1000
        if wait_s > timeout_s:
            self._sleep(timeout_s)
            raise CameraFault(
                f"no frame came within {timeout_s:g} s", hint="allow at least 0.1 s for a frame"
            )
        if wait_s > 0:
            self._sleep(wait_s)

    def _picture(self, taken_ms: int) -> GreyImage:
        scene = self._stage.scene_at(taken_ms)
        if scene is None:
            return render_empty(self._seed, taken_ms, self._width_px, self._height_px)
        return render(
            scene.payload,
            scene.conditions,
            scene.seed,
            taken_ms - scene.from_boot_ms,
            self._width_px,
            self._height_px,
            duration_ms=scene.to_boot_ms - scene.from_boot_ms,
            room_seed=self._seed,
        )

    def _check_open(self) -> None:
        if self._closed:
            raise CameraFault("the camera is closed", hint="restart the kiosk")
