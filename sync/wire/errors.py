"""What can be wrong with a message.

WireError
├── Malformed      not the bytes that this version of the protocol writes
├── BadSignature   well-formed, but not signed by the key that it names
├── UnknownKey     signed or sealed with a key that nobody here trusts for that purpose
└── CannotOpen     sealed to somebody else, or altered on the way
"""


class WireError(Exception):
    """A message that must not be believed."""


class Malformed(WireError):
    """The bytes do not have the form of the message that was expected."""


class BadSignature(WireError):
    """The signature does not fit the content."""


class UnknownKey(WireError):
    """No key of that identifier is trusted for this purpose at that time."""


class CannotOpen(WireError):
    """The seal does not open with the keys that are here."""
