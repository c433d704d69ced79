"""What the door decides about one code."""

from dataclasses import dataclass
from enum import IntEnum

from kiosk.passes.reason import Reason


class Outcome(IntEnum):
    """Stored for ever in journals: a number is never given out twice."""

    ADMIT = 1
    DENY = 2
    REFER = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` is what the rules say; `shown` is what the lamp says, and differs in a trial
    phase only. `rulebook` is its version, 0 where none was reached; `rule` the deciding rule's
    place in it, None where none was reached.
    """

    outcome: Outcome
    shown: Outcome
    reason: Reason
    rulebook: int = 0
    rule: int | None = None
