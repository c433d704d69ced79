"""What can be wrong with the reading of codes.

ScanningFault
├── UnknownRung      the configuration names a rung that does not exist
└── DecoderMissing   a decoder's library is not installed, or too old to be exact
"""


class ScanningFault(Exception):
    """Codes cannot be read. `hint` says what a technician should do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class UnknownRung(ScanningFault):
    """No rung of that name exists."""


class DecoderMissing(ScanningFault):
    """The decoder cannot be used on this machine."""
