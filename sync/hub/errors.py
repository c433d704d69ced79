"""What can go wrong in a way that the operator can mend.

HubError
├── HomeFault          the hub's directory is missing, incomplete or readable by others
├── SettingFault       an environment setting that cannot be used
├── UsageFault         an order that makes no sense as it was given
└── CommandFault       an order that cannot be carried out
    ├── FaultyFile     because a file that it checked has faults
    │   └── LogFault   or the audit log was changed
    ├── CannotIssue    because no door would take such a pass, or nobody may have it
    └── CannotDecide   because a draft of a rulebook does not stand so that this could be done
"""

from datetime import datetime
from enum import Enum


class HubError(Exception):
    """The message says what is wrong and what to do next."""


class HomeFault(HubError):
    """The hub's directory is not as it must be."""


class SettingFault(HubError):
    """An environment setting has a value that cannot be used."""


class UsageFault(HubError):
    """The order makes no sense as it was given."""


class CommandFault(HubError):
    """The order cannot be carried out."""


class FaultyFile(CommandFault):
    """A file was checked and has faults; the message tells them, `faults` one by one."""

    def __init__(self, *faults: object) -> None:
        self.faults = tuple(str(fault) for fault in faults)
        super().__init__("; ".join(self.faults))


class LogFault(FaultyFile):
    """The audit log is not as it was written; `number` is the first record that is wrong."""

    def __init__(self, number: int, said: str) -> None:
        super().__init__(said)
        self.number = number


class Hindrance(Enum):
    """Why a pass cannot be issued, printed or put in the place of another."""

    ENDS_FIRST = "ends first"
    KEY_REVOKED = "key revoked"
    BEFORE_KEY = "before the key"
    AFTER_KEY = "after the key"
    NOBODY = "nobody"
    OFFICERS_CARD = "an officer's card"
    TOO_MANY = "too many"
    OVER = "over"
    REPLACED = "replaced"
    KEY_CHANGED = "key changed"
    PRINTED = "printed"


class CannotIssue(CommandFault):
    """The message is for a shell; pages have their own words for `why`.

    `until` is when the hub's pass key ends, `most` how many there may be at a time.
    """

    def __init__(
        self, why: Hindrance, said: str, *, until: datetime | None = None, most: int = 0
    ) -> None:
        super().__init__(said)
        self.why, self.until, self.most = why, until, most


class Snag(Enum):
    """Why a draft of a rulebook, or the letter to it, is not taken any further."""

    SETTLED = "settled"
    NOT_SUBMITTED = "not submitted"
    OWN_DRAFT = "own draft"
    CHANGED = "changed"
    NO_REASON = "no reason"
    NOT_PDF = "not a PDF"
    TOO_LONG = "too long"


class CannotDecide(CommandFault):
    """Pages have their words for `why`."""

    def __init__(self, why: Snag) -> None:
        super().__init__(why.value)
        self.why = why
