"""What the report calls the parts, what was done with them, and what was measured."""

from collections.abc import Mapping

from provisioning.acceptance.result import Outcome
from provisioning.language import mark as _

TITLE = _("Acceptance of a kiosk")
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OK: _("good"),
    Outcome.BAD: _("bad"),
    Outcome.SKIPPED: _("not tried"),
}
PASSED, FAILED = _("Nothing is bad"), _("{count} of {all} bad: not to be hung at a door like this")
PARTS: Mapping[str, tuple[str, str]] = {
    "camera": (_("Camera"), _("pictures for two seconds, once the exposure has settled")),
    "print": (_("Printed target"), _("a code as on a printed card, 20 cm away")),
    "screen": (_("Phone's screen"), _("a code as fine as a phone's, on its lit screen")),
    "lamp": (_("Lamp"), _("red, green, amber, off; watched by the technician")),
    "buzzer": (_("Buzzer"), _("three rising tones; heard by the technician")),
    "button": (_("Button"), _("one press")),
    "board": (_("Board"), _("temperature, voltage, serial")),
    "clock": (_("Clock with a battery"), _("does it go, how far is it off, its battery")),
    "storage": (_("Memory card"), _("fifty durable writes where visits are kept")),
    "network": (_("Network"), _("a way out of the kiosk, strength of the WiFi")),
    "hub": (_("Hub, there and back"), _("the last sealed batch and its signed answer")),
}
FIGURES: Mapping[str, tuple[str, str]] = {
    "frames_per_s": (_("pictures a second"), ""),
    "width_px": (_("width"), "px"),
    "height_px": (_("height"), "px"),
    "brightness": (_("brightness"), "/ 255"),
    "sharpness": (_("sharpness"), ""),
    "read_percent": (_("read in"), "%"),
    "module_px": (_("a module"), "px"),
    "dark": (_("dark"), "/ 255"),
    "light": (_("light"), "/ 255"),
    "serial": (_("serial"), ""),
    "temperature_c": (_("temperature"), "°C"),
    "under_voltage": (_("voltage too low"), ""),
    "rtc_offset_s": (_("off by"), "s"),
    "rtc_battery_mv": (_("battery"), "mV"),
    "time_server": (_("set by a time server"), ""),
    "write_median_ms": (_("a write, median"), "ms"),
    "write_max_ms": (_("slowest"), "ms"),
    "free_percent": (_("free"), "%"),
    "free_mb": (_("free"), "MB"),
    "interface": (_("by"), ""),
    "wifi_dbm": ("WiFi", "dBm"),
    "round_trip_ms": (_("there and back"), "ms"),
    "answered_ago_s": (_("age of the answer"), "s"),
}
CONFIRMED = _("confirmed by the technician")
NOT_NEEDED = _("not fitted, or not needed at this site")
YES, NO = _("yes"), _("no")
SEE_THE_PROGRAM = _("see what the program said, and the handbook")
BOARD, SOFTWARE, TESTED, MARK = (
    _("Board and card"),
    _("Software"),
    _("Tested"),
    _("Number of this report"),
)
PART, RESULT, MEASURED = _("Part"), _("Result"), _("Measured, and what to do")
TECHNICIAN, SIGNATURE, DAY, PLACE = _("Technician"), _("Signature"), _("Day"), _("Door and site")
NOT_SIGNED = _("not signed off")
FOOT = _(
    "The hub shows the same number, initials and result at this kiosk once it has been in touch. "
    "No picture was kept."
)
