"""What the tests wait for."""

from collections.abc import Callable
from typing import Any


def has_recorded(count: int) -> Callable[[dict[str, Any]], bool]:
    """Say whether the door has committed so many visits since it was started."""
    return lambda status: sum(status["counts"].values()) >= count
