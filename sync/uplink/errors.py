"""What keeps the courier from its errand.

UplinkError
├── DoorAway    the door's socket is not there, or does not answer
├── HubAway     the network, or the hub, or what answers in its place; try again later
├── HubRefuses  the hub does not want to hear from this kiosk: stop sending
└── TooMuch     the hub wants smaller batches
"""


class UplinkError(Exception):
    """Nothing is lost: what was to be carried is still with the door."""


class DoorAway(UplinkError):
    """The door cannot be reached."""


class HubAway(UplinkError):
    """The hub cannot be reached now. `wait_s` is what it asked for, None where it did not."""

    def __init__(self, message: str, *, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class HubRefuses(UplinkError):
    """The hub has revoked this kiosk, or does not know it."""


class TooMuch(UplinkError):
    """A batch was larger than the hub takes."""
