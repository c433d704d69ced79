"""What can be wrong with what the camera sees."""

from enum import Enum


class View(Enum):
    CLEAR = "clear"
    FROZEN = "frozen"
    """The same picture again and again; a sensor that works has noise in every one."""
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    BLOCKED = "blocked"
    """One even area: turned to a wall, or something stuck on the lens."""
    BLURRED = "blurred"
    MOVED = "moved"
    """Another view than the one that was learned."""


BLIND = frozenset({View.FROZEN, View.DARK, View.BLOCKED})
"""In these nobody can be read."""

FAULTS = tuple(view for view in View if view is not View.CLEAR)

SAID = {
    View.CLEAR: "the picture is clear",
    View.FROZEN: "the picture stands still",
    View.DARK: "the picture is dark",
    View.OVEREXPOSED: "the picture is white with light",
    View.BLOCKED: "the picture is one even area",
    View.BLURRED: "the picture is blurred",
    View.MOVED: "the camera sees another place than before",
}

ADVICE = {
    View.FROZEN: "unplug the camera and plug it in again; if it happens often, replace it",
    View.DARK: "put on the light or uncover the lens; with the lights out at night all is well",
    View.OVEREXPOSED: "turn the camera away from the sun or the lamp, or shade it",
    View.BLOCKED: "take off what covers the lens, or turn the camera to where visitors stand",
    View.BLURRED: "clean the lens, then focus it with gapura-kiosk aim",
    View.MOVED: "see that the camera is fixed and points at the visitors: gapura-kiosk aim",
}
