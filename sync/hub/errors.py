"""What can go wrong in a way that the operator can mend.

HubError
├── HomeFault          the hub's directory is missing, incomplete or readable by others
├── SettingFault       an environment setting that cannot be used
├── UsageFault         an order that makes no sense as it was given
└── CommandFault       an order that cannot be carried out
    └── FaultyFile     because a file that it checked has faults
"""


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
    """A file was checked and has faults; the message tells them."""
