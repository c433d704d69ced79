"""What the tests wait for."""

from collections.abc import Callable
from typing import Any


def has_recorded(count: int) -> Callable[[dict[str, Any]], bool]:
    """Say whether the door has committed so many entries."""
    return lambda status: bool(status["newest_seq"] >= count)
