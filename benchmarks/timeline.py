"""Virtual time for many actors: each is a thread, one runs at a time, and waiting is free."""

import heapq
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

_STACK_BYTES = 512 * 1024


class Timeline:
    """`now_s` counts from 0. An actor gives way by `sleep`, and at nothing else."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._turns: list[tuple[float, int, threading.Event]] = []
        self._order = 0
        self._idle = threading.Event()

    def run(self, actors: Iterable[Callable[[], None]]) -> None:
        """Run all of them to their ends; the first fault of any is raised."""
        actors = list(actors)
        before = threading.stack_size(_STACK_BYTES)
        with ThreadPoolExecutor(max(1, len(actors))) as pool:
            ends = [pool.submit(self._live, actor, self._take_turn(0.0)) for actor in actors]
            while self._turns:
                self.now_s, _, turn = heapq.heappop(self._turns)
                self._idle.clear()
                turn.set()
                self._idle.wait()
        threading.stack_size(before)
        for end in ends:
            end.result()

    def sleep(self, seconds: float) -> None:
        self.sleep_until(self.now_s + seconds)

    def sleep_until(self, until_s: float) -> None:
        turn = self._take_turn(until_s)
        self._idle.set()
        turn.wait()

    def _live(self, actor: Callable[[], None], first: threading.Event) -> None:
        first.wait()
        try:
            actor()
        finally:
            self._idle.set()

    def _take_turn(self, at_s: float) -> threading.Event:
        turn = threading.Event()
        self._order += 1
        heapq.heappush(self._turns, (max(at_s, self.now_s), self._order, turn))
        return turn
