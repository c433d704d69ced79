"""A clock that a test sets, and that remembers how it was set."""

from provisioning.firstboot.timekeeping import SystemTime


class FakeTime(SystemTime):
    def __init__(self, now_s: int, *, synchronised: bool = False) -> None:
        self.at_s = now_s
        self.synchronised = synchronised
        self.was_set: list[int] = []
        self.fault: OSError | None = None

    def now_s(self) -> float:
        return self.at_s

    def is_synchronised(self) -> bool:
        return self.synchronised

    def set_s(self, now_s: int) -> None:
        if self.fault is not None:
            raise self.fault
        self.was_set.append(now_s)
        self.at_s = now_s
