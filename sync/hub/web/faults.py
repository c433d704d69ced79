"""What is wrong with a kiosk whose check is bad, in words, and what to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sync.hub.web.words import Word


@dataclass(frozen=True, slots=True)
class Fault:
    said: Word
    advice: Word


# By the names that `kiosk.health` gives its checks.
FAULTS = {
    "frame_age_ms": Fault(
        _("The camera sends no new pictures"),
        _("Check that the camera's cable sits firmly at both ends, then restart the kiosk."),
    ),
    "lens_frozen": Fault(
        _("The picture stands still"),
        _("Unplug the camera and plug it in again; if it happens often, replace it."),
    ),
    "lens_dark": Fault(
        _("The picture is dark"),
        _("Put on the light or uncover the lens; with the lights out at night all is well."),
    ),
    "lens_overexposed": Fault(
        _("The picture is white with light"),
        _("Turn the camera away from the sun or the lamp, or shade it."),
    ),
    "lens_blocked": Fault(
        _("The picture is one even area"),
        _("Take off what covers the lens, or turn the camera to where visitors stand."),
    ),
    "lens_blurred": Fault(
        _("The picture is blurred"),
        _("Clean the lens, then focus it with gapura-kiosk aim."),
    ),
    "lens_moved": Fault(
        _("The camera sees another place than before"),
        _("See that the camera is fixed and points at the visitors: gapura-kiosk aim."),
    ),
    "reads_per_hour": Fault(
        _("Hardly any code is read"),
        _("See that the lens is clean and that the camera points at the visitors."),
    ),
    "decoder_restarts": Fault(
        _("The reading of codes had to be started again"),
        _("Do nothing if it stays at this; if it happens again and again, send the log."),
    ),
    "lamp": Fault(
        _("The lamp or the buzzer fails"),
        _("Check their plugs against the wiring drawing."),
    ),
    "backlog_entries": Fault(
        _("The kiosk cannot use its journal"),
        _("Leave the memory card in, and run gapura-kiosk check at the kiosk."),
    ),
    "bundle_version": Fault(
        _("The kiosk has no rules and keys"),
        _("Give the kiosk a network; if that does not help, show it an enrolment card."),
    ),
    "clock_width_ms": Fault(
        _("The kiosk does not know the time well enough"),
        _("Give the kiosk a network once, or fit a real-time clock with a battery."),
    ),
    "courier_misdeeds": Fault(
        _("The program that has the network misbehaves towards the door"),
        _("Take the kiosk off the network and write its memory card anew; its visits are safe."),
    ),
    "disk_free_percent": Fault(
        _("The memory card is nearly full or fails"),
        _("Connect the kiosk or carry a stick, so that visits are sent; else replace the card."),
    ),
    "damaged_journals": Fault(
        _("The memory card spoilt what was written to it"),
        _("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    ),
    "temperature_c": Fault(
        _("The kiosk is too hot"),
        _("Move the kiosk out of the sun, and see that its air holes are free."),
    ),
    "under_voltage": Fault(
        _("The power supply is too weak"),
        _("Replace the power supply and its cable: too little power damages the card."),
    ),
    "card_errors": Fault(
        _("The memory card fails"),
        _("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    ),
    "wifi_dbm": Fault(
        _("The kiosk's WiFi is weak"),
        _("Move the kiosk or the access point closer, or lay a cable."),
    ),
    "commit_ms": Fault(
        _("The memory card takes long to write"),
        _("Replace the card, and bring the old one to the hub: it reads what is left on it."),
    ),
    "rtc_battery_mv": Fault(
        _("The clock's battery is empty"),
        _("Replace the battery of the kiosk's clock."),
    ),
    "update_version": Fault(
        _("The kiosk refused an update, or took it back"),
        _("Nothing at the door. See gapura-hub roll-out-update, and publish a later version."),
    ),
}
