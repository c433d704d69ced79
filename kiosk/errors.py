"""What can go wrong at the door, apart from its parts (see `hardware.errors`).

KioskError
├── ConfigurationError  the configuration file cannot be used; the message lists every fault
├── JournalFault        the journal cannot be opened, or a commit failed or took too long
│   ├── JournalFull     no room is left on the card
│   └── JournalDamaged  the file does not hold what was written to it
├── ReferenceFault      the reference data cannot be published or read
└── NotEnrolled         the kiosk belongs to no hub yet
"""


class KioskError(Exception):
    """Something that a person should know; `hint` says what to do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class ConfigurationError(KioskError):
    """The configuration cannot be used."""


class JournalFault(KioskError):
    """The journal does not take entries."""


class JournalFull(JournalFault):
    """No room is left for entries."""


class JournalDamaged(JournalFault):
    """The file is not what was written: the next start salvages what can be read."""


class ReferenceFault(KioskError):
    """The published reference cannot be built or read."""


class NotEnrolled(KioskError):
    """The kiosk has not been enrolled at a hub."""
