"""What a kiosk tells of itself besides its health checks, each as an event of its journal."""

from enum import StrEnum


class Happening(StrEnum):
    """An event's name. Stored for ever: a name never changes what it means.

    An event may also have the name of a health check, and then tells that it became bad or well.
    """

    START = "start"
    """`detail` is the software."""
    STOP = "stop"
    FAULT = "fault"
    """The process ended itself; `detail` is the kind of error."""
    POWER_CUT = "power_cut"
    """Found at a start: what ran before did not end, and it was another boot."""
    KILLED = "killed"
    """Found at a start: what ran before did not end, in the same boot."""
    BOARD = "board"
    """Once in each epoch: `detail` is the board and card that it is written on."""
    JOURNAL_SALVAGED = "journal_salvaged"
    """`value` counts all damaged journals that lie on the card."""
    RULES_TAKEN = "rules_taken"
    """`value` is the bundle's version."""
    SHIFT = "shift"
    """An officer's: `value` is 1 where it opened, 0 where it was over."""
    CLOCK_SET = "clock_set_s"
    """The wall clock was put right by `value` seconds."""
    STICK_DONE = "stick_done"
    STICK_FULL = "stick_full"
    STICK_READ_ONLY = "stick_read_only"
    STICK_FAULTY = "stick_faulty"
    ACCEPTANCE = "acceptance"
    """A technician has signed off the bench's report: `value` counts bad parts, `detail` has the
    initials, the day and the first digits of the report's SHA-256.
    """
    COURIER = "courier"
    """Bad while the process with the network does not ask the door for anything."""
