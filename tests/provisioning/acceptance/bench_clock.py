"""A stopwatch that runs only while somebody waits."""

from provisioning.acceptance.stopwatch import Stopwatch


class BenchClock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    def boot_ms(self) -> int:
        return round(self.now_s * 1000)

    @property
    def stopwatch(self) -> Stopwatch:
        return Stopwatch(now_s=lambda: self.now_s, wait=self.wait)
