"""Why an update is not installed, or was taken back: a closed list."""

from enum import Enum

from provisioning.errors import ProvisioningError


class Trouble(Enum):
    NO_KEYS = "no-keys"
    NO_UPDATE = "no-update"
    FORGED = "forged"
    DAMAGED = "damaged"
    OTHER_IMAGE = "other-image"
    NOT_NEWER = "not-newer"
    TOO_FAR = "too-far"
    TAKEN_BACK = "taken-back"
    NO_ROOM = "no-room"
    NOT_WRITTEN = "not-written"


HINTS = {
    Trouble.NO_KEYS: "this image was built without a release key: write a newer image to the card",
    Trouble.NO_UPDATE: "fetch the file again; its name ends with .update",
    Trouble.FORGED: "take the file from whoever builds the images, or write a newer image",
    Trouble.DAMAGED: "fetch the file again",
    Trouble.OTHER_IMAGE: "take the file with its own libraries, or write a newer image",
    Trouble.NOT_NEWER: "nothing needs to be done: this or a newer version runs",
    Trouble.TOO_FAR: "install the version between first, or write a newer image",
    Trouble.TAKEN_BACK: "wait for a version after it: this one did not reach green here",
    Trouble.NO_ROOM: "take a larger card",
    Trouble.NOT_WRITTEN: "replace the card, and keep the old one: visits are on it",
}


class UpdateRefused(ProvisioningError):
    """`version` is what the update calls itself, empty where nobody knows."""

    def __init__(self, trouble: Trouble, version: str = "") -> None:
        super().__init__(f"the update is refused: {trouble.value}", hint=HINTS[trouble])
        self.trouble = trouble
        self.version = version
