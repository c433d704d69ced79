"""What can go wrong on the bench, apart from parts (`hardware.errors`) and settings.

ProvisioningError
├── CannotBuild     an image cannot be built or published here
├── CardRefused     the text is no card, or one that no kiosk should believe
├── CannotDraw      a code or a page cannot be drawn here
├── DoorIsRunning   the door holds the parts that are to be tried
└── NotSigned       the report cannot be left for the door to tell
"""


class ProvisioningError(Exception):
    """Something that a technician should know; `hint` says what to do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class CannotBuild(ProvisioningError):
    """A program, a file or a library is missing, or a step of the build failed."""


class CardRefused(ProvisioningError):
    """The card is malformed, altered or not the hub's."""


class CannotDraw(ProvisioningError):
    """There is no room, no file, no library or no character set for the drawing."""

    @classmethod
    def for_want_of(cls, error: ImportError) -> "CannotDraw":
        return cls(
            f"pages cannot be drawn here: {error}",
            hint="run: pip install 'gapura[provisioning]'; on a computer, not on a kiosk",
        )


class DoorIsRunning(ProvisioningError):
    """Another process holds camera, lamp and journal."""


class NotSigned(ProvisioningError):
    """The door's directory takes nothing."""
