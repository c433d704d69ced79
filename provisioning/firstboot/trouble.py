"""What can go wrong while a kiosk is set up: a closed list, with the light code of each."""

from enum import Enum

from provisioning.errors import ProvisioningError


class Step(Enum):
    """The technician's codes that the setup helper can lead to, as the door calls them."""

    CONFIGURATION = "configuration"
    NETWORK = "network"
    CLOCK = "clock"
    STORAGE = "storage"


class Trouble(Enum):
    NO_CARD = "no-card"
    CARD_FORGED = "card-forged"
    CARD_OTHER_HUB = "card-other-hub"
    CARD_OTHER_DOOR = "card-other-door"
    CARD_OLD = "card-old"
    CARD_EXPIRED = "card-expired"
    FILE_TOO_LARGE = "file-too-large"
    FILE_NOT_TOML = "file-not-toml"
    FILE_FAULTS = "file-faults"
    NETWORK_ABSENT = "network-absent"
    NETWORK_FAILED = "network-failed"
    CLOCK_NOT_SET = "clock-not-set"
    NOT_WRITTEN = "not-written"


STEPS = {
    Trouble.NETWORK_ABSENT: Step.NETWORK,
    Trouble.NETWORK_FAILED: Step.NETWORK,
    Trouble.CLOCK_NOT_SET: Step.CLOCK,
    Trouble.NOT_WRITTEN: Step.STORAGE,
}


class SetupFault(ProvisioningError):
    """`details` are lines for whoever wrote the file; never what stood in it."""

    def __init__(self, trouble: Trouble, *details: str) -> None:
        super().__init__(trouble.value, hint="see kiosk-status.txt on the boot partition")
        self.trouble = trouble
        self.details = details

    @property
    def step(self) -> Step:
        return STEPS.get(self.trouble, Step.CONFIGURATION)
