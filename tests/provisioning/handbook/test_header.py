"""The header's pins are the board's, and the wires go where the configuration says."""

import pytest
from gpiozero.pins import data

from kiosk.config import Configuration, parse
from provisioning.errors import CannotDraw
from provisioning.handbook.header import GROUND, GROUND_PIN, PINS, Part, wires_of


def _wired(configuration: str) -> dict[str, int]:
    wires = wires_of(parse(configuration, origin="test"))
    return {f"{wire.part.value}{wire.terminal}": wire.pin for wire in wires}


def test_the_header_has_each_gpio_once() -> None:
    assert list(PINS) == list(range(1, 41))
    assert sorted(name for name in PINS.values() if name.startswith("GPIO")) == sorted(
        f"GPIO{number}" for number in range(28)
    )
    assert [pin for pin, name in PINS.items() if name == GROUND] == [6, 9, 14, 20, 25, 30, 34, 39]
    assert [pin for pin, name in PINS.items() if name == "3V3"] == [1, 17]
    assert [pin for pin, name in PINS.items() if name == "5V"] == [2, 4]
    assert PINS[GROUND_PIN] == GROUND


@pytest.mark.parametrize("header", ["PLUS_J8", "PI4_J8", "PI5_J8"])
def test_it_is_the_header_that_gpiozero_knows(header: str) -> None:
    """Of the Pi 3 and Zero 2 W, of the Pi 4, of the Pi 5."""
    rows, columns, pins = getattr(data, header)
    assert rows * columns == len(PINS)
    for number, functions in pins.items():
        assert functions.get("gpio", functions.get("")) == PINS[number]


def test_the_wires_are_the_configurations() -> None:
    configuration = Configuration()
    wires = {wire.part: wire.name for wire in wires_of(configuration) if not wire.terminal}
    assert wires == {
        Part.RED: f"GPIO{configuration.lamp.red_pin}",
        Part.GREEN: f"GPIO{configuration.lamp.green_pin}",
        Part.BUZZER: f"GPIO{configuration.buzzer.pin}",
        Part.BUTTON: f"GPIO{configuration.button.pin}",
    }
    assert _wired("") == {
        "clockVCC": 1,
        "clockSDA": 3,
        "clockSCL": 5,
        "red": 11,
        "buzzer": 12,
        "green": 13,
        "button": 15,
    }


def test_other_pins_are_drawn_where_they_are() -> None:
    wired = _wired("[lamp]\nred_pin = 21\ngreen_pin = 4\n[buzzer]\npin = 13\n")
    assert (wired["red"], wired["green"], wired["buzzer"]) == (40, 7, 33)
    assert list(wired.values()) == sorted(wired.values())


@pytest.mark.parametrize(
    "configuration",
    [
        "[lamp]\nred_pin = 27\n",
        "[button]\npin = 2\n",
        "[buzzer]\npin = 3\n",
        "[buzzer]\npin = 28\n",
    ],
)
def test_what_cannot_be_wired_is_refused(configuration: str) -> None:
    with pytest.raises(CannotDraw, match=r"two wires go to GPIO\d+|the header has no GPIO28"):
        _wired(configuration)
