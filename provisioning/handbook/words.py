"""What the handbook says, apart from the words of the lights, which are the kiosk's own."""

from collections.abc import Mapping

from kiosk.signalling.cue import Signal
from provisioning.handbook.header import Part
from provisioning.language import mark as _

TITLE = _("The technician's handbook")
PAGE = _("page {number} of 2")

PARTS_TITLE = _("Parts")
PARTS_HEAD = (_("Part"), _("Which one"))
PARTS: tuple[tuple[str, str], ...] = (
    (_("Board"), _("Raspberry Pi 5, 4, 3 or Zero 2 W, with a heat sink")),
    (
        _("Power supply"),
        _("the board maker's own, with its own cable: others let the voltage fall"),
    ),
    (_("Memory card"), _('microSD of 16 GB or more, A2 or "high endurance"; keep one in reserve')),
    (
        _("Camera"),
        _(
            "Raspberry Pi Camera Module, with the ribbon for this board (Pi 5 and Zero have the"
            " narrow connector)"
        ),
    ),
    (
        _("Two lights"),
        _(
            "a red and a green LED, each with a resistor of 330 ohms; or the two inputs of a "
            "relay board that switches on at 3.3 V"
        ),
    ),
    (_("Buzzer"), _("a passive piezo (an active one plays one tone only)")),
    (_("Button"), _("a push button for the officer, where there is one")),
    (
        _("<b>Clock with a battery</b>"),
        _(
            "<b>required where the site has no internet.</b> Pi 5: the battery at its connector"
            " J5; all others: a module DS3231"
        ),
    ),
    (_("USB stick"), _("for sites without internet: FAT32 or exFAT, named GAPURA")),
)

WIRING_TITLE = _("Wiring")
HEADER = _(
    "the board's 40 pins, seen from above: pin 1 is the one with the square solder pad;"
    " number of the pin, and its name"
)
GROUND = _("GND: any pin of this name will do")
NAMES: Mapping[Part, tuple[str, str]] = {
    Part.RED: (_("Red light"), _("LED: resistor and long leg here, short leg to GND")),
    Part.GREEN: (_("Green light"), _("LED: resistor and long leg here, short leg to GND")),
    Part.BUZZER: (_("Buzzer"), _("passive piezo, either way round")),
    Part.BUTTON: (_("Button"), _("closes to GND when pressed; no resistor")),
    Part.CLOCK: (_("Clock DS3231"), _("not on a Pi 5, which has a clock: there only the battery")),
}
PINS_TITLE = _("The pins")
PINS_HEAD = (_("What"), _("Name"), _("Pin"))
NOT_FITTED = _('switched off in the configuration: driver = "{driver}" in [{section}]')
PINS_NOTE = _(
    "Wire with the power off. The camera's ribbon: contacts towards the contacts, "
    "pushed in to the end, latch closed."
)

FLASHING_TITLE = _("The memory card")
FLASHING = (
    _(
        "Raspberry Pi Imager: <b>Options, Content repository, Use custom URL</b>: the "
        "address that Diskominfo gave you, ending in os_list.json."
    ),
    _(
        "Choose the board, <b>Gapura</b> and the card, and write. It asks for no user, no "
        "WiFi and no password: all cards are the same."
    ),
    _(
        "With a clock DS3231: open config.txt on the partition GAPURA-BOOT and add the line"
        " <b>dtoverlay=i2c-rtc,ds3231</b>. Pi 5 with the rechargeable battery: "
        "<b>dtparam=rtc_bbat_vchg=3000000</b>."
    ),
    _(
        "Card into the board, close the case, power on. After about a minute: <b>one short "
        "red flash and a pause</b>. The kiosk waits for its enrolment card."
    ),
    _(
        "On the bench <b>gapura-provision acceptance</b> tries every part; sign its report,"
        " and keep it with the kiosk's papers."
    ),
)

DOOR_TITLE = _("At the door")
DOOR = (
    _(
        "Hang the kiosk at chest height, the lens towards where people stand, no window or "
        "lamp behind them. Power on; wait for one red flash and a pause."
    ),
    _(
        "Aim, where there is a button: press it <b>three times within 2 seconds</b>. The "
        "higher the tone, the better the picture; hold a printed code 20 cm away. One more "
        "press ends it."
    ),
    _(
        "On your phone open the hub's page of this door, <b>Enrolment card</b>, choose "
        "cable or WiFi, and have the card made."
    ),
    _(
        "Hold the phone 20 cm before the lens: <b>one green blink</b> for each code, "
        "<b>two</b> when all have been read."
    ),
    _(
        "The red flashes count the step that is missing (see the table). <b>A short green "
        "flash every 3 seconds: done.</b>"
    ),
    _(
        "Show a valid pass: green and a rising tone. Show any other code: red and two low "
        "tones. Look at the hub whether the visit has arrived."
    ),
    _("Put up the door's poster from the hub's page <b>Posters</b>."),
)

STICK_TITLE = _("Without internet: the USB stick")
STICK = (
    _(
        "Format it with FAT32 or exFAT and name it <b>GAPURA</b>, in capitals. Other files "
        "on it stay as they are."
    ),
    _(
        "Put it in. <b>Quick amber blinking: do not pull it out.</b> Visitors can go on "
        "showing their codes."
    ),
    _(
        "<b>Slow green blinking: it may be pulled out.</b> Carry it to the next kiosk or to"
        " the hub."
    ),
    _(
        "At the hub: page <b>USB stick</b>. Give it the stick's folder gapura, unpack the "
        "answer onto the stick, and bring it back on the next visit."
    ),
    _(
        "A new kiosk: show it its card, put the stick in, carry it to the hub <b>within 72 "
        "hours</b>, and bring it back. It needs a clock with a battery."
    ),
)
STICK_NOTE = _(
    "Nobody can read the visits on the stick, and none is lost with it: each stays in the kiosk "
    "until the hub has confirmed it."
)

LIGHTS_TITLE = _("What the light says, and what to do")
LIGHTS_HEAD = (_("Light, for 3.6 seconds"), _("It says"), _("What to do"))
LIGHTS_KEY = _("upper track: green light, lower track: red light; both together are amber")
# What passes by itself, or says all by its own words, has none in `kiosk-status.txt`.
TO_DO: Mapping[Signal, str] = {
    Signal.CARD_TAKEN: _("Wait for the hub's answer: it ends the three flashes."),
    Signal.CARD_PART: _("Keep the phone where it is while its page turns the codes."),
    Signal.STICK_BUSY: _("Wait."),
    Signal.STICK_DONE: _("Pull it out, or leave it in."),
    Signal.STICK_FULL: _("What is on it is good. Bring it to the hub, then come back."),
    Signal.STICK_READ_ONLY: _("Move the small switch on the stick, or take another one."),
    Signal.STICK_FAULT: _("Put it in once more, then take another one. Nothing is lost."),
    Signal.OFF: _("Check the power supply and its cable; then replace the SD card, and keep it."),
}

LAST_TITLE = _("When that does not help")
LAST = _(
    "Put the SD card into any computer: <b>kiosk-status.txt</b> on GAPURA-BOOT says in "
    "words what is missing. The kiosk's page at the hub says it too. <b>Never erase or "
    "throw away an old SD card:</b> visits are on it; take it to Diskominfo."
)
CALL = _("Diskominfo, telephone:")
