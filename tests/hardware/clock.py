"""A clock that stands still until somebody sleeps."""


class FakeClock:
    def __init__(self, now_ms: int = 100_000) -> None:
        self.now_ms = now_ms
        self.slept_s: list[float] = []

    def boot_ms(self) -> int:
        return self.now_ms

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_ms += round(seconds * 1000)
