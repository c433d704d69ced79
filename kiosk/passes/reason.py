"""Why a verdict is what it is: exactly one reason each, from this closed list."""

from enum import IntEnum


class Reason(IntEnum):
    """Stored for ever in journals: a number is never given out twice."""

    ALLOWED = 0
    """A rule of the rulebook lets this pass in."""

    NOT_A_PASS = 1
    """The code is none that this door reads."""
    TOO_LONG = 2
    """The code holds more characters than any pass has."""
    BAD_ENCODING = 3
    """It begins like a pass, but its text does not decode."""
    BAD_STRUCTURE = 4
    """It decodes, but is not a signed message of the right form."""
    UNKNOWN_KEY = 5
    """It is signed with a key that the hub has not published."""
    BAD_SIGNATURE = 6
    """The signature does not fit the content."""
    BAD_CLAIMS = 7
    """The signed content is not that of a pass."""

    KEY_NOT_IN_FORCE = 8
    """It is signed with a key that was not, or is no longer, one for passes at that time."""

    REVOKED = 20
    """The hub has withdrawn this pass."""
    EXPIRED = 21
    """The pass was valid until a time that is certainly over."""
    NOT_YET_VALID = 22
    """The pass is valid from a time that has certainly not come."""
    TIME_UNCERTAIN = 23
    """The pass may be valid, but this kiosk does not know the time well enough."""
    WRONG_DOOR = 24
    """The pass is for other doors."""
    WRONG_UNIT = 25
    """The pass is for another office."""
    WRONG_DAY = 26
    """The pass is for other days of the week."""

    ALREADY_INSIDE = 27
    """The pass came in before and was not seen to go out."""

    OUTSIDE_HOURS = 28
    """A rule lets such a pass in, but at other hours or days."""
    USED_TODAY = 29
    """The card lets its holder in once a day, and has done so today."""
    FULL = 30
    """As many people are inside as the rulebook allows."""

    NOT_ALLOWED = 40
    """No rule of the rulebook lets such a pass in."""
    RULE_DENIES = 41
    """A rule of the rulebook keeps such a pass out."""
    RULE_REFERS = 42
    """A rule of the rulebook asks the officer to look at such a pass."""
    NO_RULEBOOK = 43
    """No rulebook is in force at this door."""
    STALE_RULEBOOK = 44
    """The hub has not been heard of for longer than the rulebook allows."""

    BAD_COMPRESSION = 60
    """The text of a health certificate decodes, but does not unpack."""
    BAD_CERTIFICATE = 61
    """The signed content is not that of a health certificate."""
    SIGNER_USAGE = 62
    """Its signer may sign health certificates, but not of this kind."""

    BAD_HOLDER_SIGNATURE = 70
    """The turning code was not signed by the phone that the pass belongs to."""
    CODE_TOO_OLD = 71
    """The turning code is of another time: a photograph, or a phone with a wrong clock."""
    CODE_SEEN = 72
    """The turning code, or a later one of the same pass, has been used already."""

    NOT_ON_ROSTER = 80
    """The number has the right form, but nobody here has it."""
