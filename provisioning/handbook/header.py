"""What goes to which pin of the board's header: the pins that the configuration names.

The header is the same on every board with 40 pins (raspberrypi.com, "GPIO and the 40-pin header").
"""

from dataclasses import dataclass
from enum import Enum

from kiosk.config import Configuration
from provisioning.errors import CannotDraw

GROUND = "GND"
# Odd pins on the left, even ones on the right, from pin 1 on; a number is a GPIO's (BCM).
_ROWS: tuple[tuple[str | int, str | int], ...] = (
    ("3V3", "5V"), (2, "5V"), (3, GROUND), (4, 14), (GROUND, 15),
    (17, 18), (27, GROUND), (22, 23), ("3V3", 24), (10, GROUND),
    (9, 25), (11, 8), (GROUND, 7), (0, 1), (5, GROUND),
    (6, 12), (13, GROUND), (19, 16), (26, 20), (GROUND, 21),
)  # fmt: skip
PINS: dict[int, str] = {
    2 * row + side + 1: name if isinstance(name, str) else f"GPIO{name}"
    for row, pair in enumerate(_ROWS)
    for side, name in enumerate(pair)
}
"""What each of the pins 1 to 40 is called."""
GROUND_PIN = 39
"""The one that is drawn; any other ground does as well."""


class Part(Enum):
    RED = "red"
    GREEN = "green"
    BUZZER = "buzzer"
    BUTTON = "button"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Wire:
    """From a pin of the header to a part; `terminal` is what the part calls its end."""

    part: Part
    pin: int
    terminal: str = ""

    @property
    def name(self) -> str:
        return PINS[self.pin]


# The I2C bus of every board; nothing else of the kiosk's may be put there.
_CLOCK = (
    Wire(Part.CLOCK, 1, "VCC"),
    Wire(Part.CLOCK, 3, "SDA"),
    Wire(Part.CLOCK, 5, "SCL"),
)


def wires_of(configuration: Configuration) -> tuple[Wire, ...]:
    """Return all wires but those to ground, in the order of the header's pins.

    Raises:
        CannotDraw: a GPIO is named that the header has not, or one of them twice.
    """
    named = {
        Part.RED: configuration.lamp.red_pin,
        Part.GREEN: configuration.lamp.green_pin,
        Part.BUZZER: configuration.buzzer.pin,
        Part.BUTTON: configuration.button.pin,
    }
    wires = [*_CLOCK, *(Wire(part, _pin_of(gpio)) for part, gpio in named.items())]
    pins = [wire.pin for wire in wires]
    for wire in wires:
        if pins.count(wire.pin) > 1:
            raise CannotDraw(
                f"two wires go to {wire.name} (pin {wire.pin})",
                hint="give each part a pin of its own; GPIO2 and GPIO3 are the clock's",
            )
    return tuple(sorted(wires, key=lambda wire: (wire.pin + 1) // 2 * 2 + (wire.pin % 2 == 0)))


def _pin_of(gpio: int) -> int:
    for pin, name in PINS.items():
        if name == f"GPIO{gpio}":
            return pin
    raise CannotDraw(
        f"the header has no GPIO{gpio}", hint="name pins by their BCM numbers, 2 to 27"
    )
