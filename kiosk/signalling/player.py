"""Plays cues on the lamp and the buzzer from a thread of its own; the newest cue wins."""

import logging
import threading
import time
from collections.abc import Callable

from hardware.errors import HardwareFault
from hardware.interfaces import Buzzer, Lamp
from kiosk.signalling.cue import CUES, Beat, Cue, Signal

logger = logging.getLogger(__name__)


class Player:
    """Shows one signal at a time.

    A signal that ends is followed by the resting one, which repeats. A lamp or buzzer that fails
    is logged once and tried again at the next beat: the door goes on with what still works.
    """

    def __init__(
        self, lamp: Lamp, buzzer: Buzzer, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic_s = monotonic_s
        self._held_until_s = 0.0
        self._lamp = lamp
        self._buzzer = buzzer
        self._changed = threading.Condition()
        self._resting = (Signal.OFF, "")
        self._playing = (Signal.OFF, "")
        self._generation = 0
        self._stopped = False
        self._faulty: set[str] = set()
        self._thread = threading.Thread(target=self._play, name="signalling", daemon=True)
        self._thread.start()

    @property
    def playing(self) -> Signal:
        return self._playing[0]

    @property
    def caption(self) -> str:
        return self._playing[1]

    @property
    def is_faulty(self) -> bool:
        return bool(self._faulty)

    def show(self, signal: Signal, caption: str) -> None:
        """Show this now, then rest."""
        with self._changed:
            self._playing = (signal, caption)
            self._held_until_s = 0.0
            self._generation += 1
            self._changed.notify()

    def hold(self, seconds: float) -> None:
        """Keep what is shown now for so long at least; call again while the reason lasts."""
        with self._changed:
            self._held_until_s = self._monotonic_s() + seconds

    def rest(self, signal: Signal, caption: str) -> None:
        """Show this whenever nothing else is to be shown."""
        with self._changed:
            if self._resting == (signal, caption):
                return
            was_resting = self._playing == self._resting
            self._resting = (signal, caption)
            if was_resting:
                self._playing = self._resting
                self._generation += 1
                self._changed.notify()

    def close(self) -> None:
        """Put the lights out and end the thread."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(timeout=2.0)

    def _play(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    break
                generation, (signal, caption) = self._generation, self._playing
            if self._play_cue(CUES[signal], caption, generation):
                with self._changed:
                    if generation == self._generation:
                        self._playing = self._resting
        self._show(Beat(0), "")

    def _play_cue(self, cue: Cue, caption: str, generation: int) -> bool:
        """Play to the end; False where another cue or the end came in between."""
        while True:
            for beat in cue.beats:
                self._show(beat, caption)
                if self._is_interrupted(generation, beat.ms / 1000):
                    return False
            if not cue.repeats or self._resting != self._playing:
                return not self._is_interrupted_while_held(generation)

    def _is_interrupted_while_held(self, generation: int) -> bool:
        """Keep the last beat for as long as `hold` asks."""
        while (remaining_s := self._held_until_s - self._monotonic_s()) > 0:
            if self._is_interrupted(generation, remaining_s):
                return True
        return False

    def _is_interrupted(self, generation: int, seconds: float) -> bool:
        """Wait; True where another cue or the end came in between."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._stopped or self._generation != generation, seconds
            )

    def _show(self, beat: Beat, caption: str) -> None:
        self._attempt(
            "lamp", lambda: self._lamp.show(red=beat.red, green=beat.green, caption=caption)
        )
        self._attempt("buzzer", lambda: self._buzzer.sound(beat.tone_hz))

    def _attempt(self, part: str, action: Callable[[], None]) -> None:
        try:
            action()
        except HardwareFault as fault:
            if part not in self._faulty:
                logger.error("the %s fails: %s; %s", part, fault, fault.hint)
                self._faulty.add(part)
        else:
            self._faulty.discard(part)
