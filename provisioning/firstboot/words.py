"""What is said on the boot partition, in both languages."""

from collections.abc import Mapping

from provisioning.firstboot.trouble import Trouble
from provisioning.language import mark as _

TROUBLES: Mapping[Trouble, str] = {
    Trouble.NO_CARD: _("What was given is no enrolment card. Copy the whole text from the hub."),
    Trouble.CARD_FORGED: _("The enrolment card is damaged or forged. Make a new one at the hub."),
    Trouble.CARD_OTHER_HUB: _("The card is another hub's than the one this kiosk belongs to."),
    Trouble.CARD_OTHER_DOOR: _("The card is for another door than the one of this kiosk."),
    Trouble.CARD_OLD: _("The card is older than one that was used. Make a new one at the hub."),
    Trouble.CARD_EXPIRED: _("The card has expired. Make a new one at the hub."),
    Trouble.FILE_TOO_LARGE: _("kiosk.toml is too large to be one. Write it anew."),
    Trouble.FILE_NOT_TOML: _("kiosk.toml cannot be read. Mend it where this says."),
    Trouble.FILE_FAULTS: _("kiosk.toml has faults. Mend each of these:"),
    Trouble.NETWORK_ABSENT: _("The network service does not answer. Start the kiosk again."),
    Trouble.NETWORK_FAILED: _("The WiFi does not come up. Check name, key and distance."),
    Trouble.CLOCK_NOT_SET: _("The clock cannot be set. Start the kiosk again."),
    Trouble.NOT_WRITTEN: _("The SD card takes nothing. Replace it, and keep the old one."),
}

# By the door's state, as door.json has it.
STATES: Mapping[str, str] = {
    "ready": _("Nothing needs to be done."),
    "out-of-order": _("Visits cannot be recorded: register by hand, and see gapura-kiosk check."),
    "fault-configuration": _("Show the enrolment card from the hub, or put it into kiosk.toml."),
    "fault-network": _("Check the WiFi or the cable; sign in to the WiFi where it asks for that."),
    "fault-hub": _("See at the hub whether the kiosk waits for approval, or carry a USB stick."),
    "fault-clock": _("Give the kiosk a network once, or fit a clock with a battery."),
    "fault-camera": _("Switch off; check that the camera's cable sits firmly at both ends."),
    "fault-storage": _("Replace the SD card, and keep the old one: visits are on it."),
}
NOT_RUNNING = _("The door's program does not run. Start the kiosk again; else replace the card.")
TITLES: Mapping[str, str] = {
    "state": _("State"),
    "error": _("Last error"),
    "advice": _("What to do"),
    "network": _("Network"),
    "none": _("none"),
    "version": _("Version"),
}
