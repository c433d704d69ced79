"""The formats that the door can tell apart."""

from enum import IntEnum


class Format(IntEnum):
    """Stored for ever in journals: numbers are never given out twice."""

    NONE = 0
    GPS1 = 1
    GPR1 = 2
    HC1 = 3
    ROSTER = 4
    NATIONAL = 5
