"""The targets that are held up to a new camera: as large a code as a printed card's, and one as
fine as a phone's.
"""

from dataclasses import dataclass

# ISO/IEC 18004, section 9.1.
QUIET_ZONE_MODULES = 4


@dataclass(frozen=True, slots=True)
class Target:
    """`version` is the QR code's; `text` no pass, so that a door only says so."""

    part: str
    text: str
    version: int


# The largest code of a printed card, and that of a rotating pass on a phone.
PRINT = Target("print", "GAPURA ACCEPTANCE TARGET PRINT", 8)
SCREEN = Target("screen", "GAPURA ACCEPTANCE TARGET SCREEN", 14)
TARGETS = (PRINT, SCREEN)
PRINTED_SIDE_MM = 40.0
"""A printed card's, quiet zone included."""
