"""What a configuration may say, as far as only the catalogue and the other parts know it."""

from collections.abc import Sequence

from hardware import catalogue
from kiosk.config import Configuration
from kiosk.errors import ConfigurationError
from kiosk.scanning.rungs import rung_names
from kiosk.signalling.words import LANGUAGES


def validate(configuration: Configuration) -> None:
    """Check what only the catalogue and the other parts know.

    Raises:
        ConfigurationError: a driver, language or rung that does not exist, or a pin used twice.
    """
    drivers = {
        "camera": catalogue.CAMERAS,
        "lamp": catalogue.LAMPS,
        "buzzer": catalogue.BUZZERS,
        "button": catalogue.BUTTONS,
        "board": catalogue.BOARDS,
    }
    for section, known in drivers.items():
        driver = getattr(configuration, section).driver
        require_known(f"[{section}] driver", (driver,), known)
    require_known("[kiosk] languages", configuration.kiosk.languages, LANGUAGES)
    require_known("[scanning] rungs", configuration.scanning.rungs, rung_names())
    if configuration.camera.driver in {"desktop", "simulated"} and not configuration.camera.source:
        raise ConfigurationError(
            f"[camera] source: the driver {configuration.camera.driver!r} needs one",
            hint="name a folder of pictures, a video, a stream, a device or a stage file",
        )
    _require_pins_apart(configuration)


def _require_pins_apart(configuration: Configuration) -> None:
    pins = []
    if configuration.lamp.driver == "raspberry":
        pins += [configuration.lamp.red_pin, configuration.lamp.green_pin]
    if configuration.buzzer.driver == "raspberry":
        pins.append(configuration.buzzer.pin)
    if configuration.button.driver == "raspberry":
        pins.append(configuration.button.pin)
    if len(set(pins)) != len(pins):
        raise ConfigurationError(
            f"one pin is given to two parts: {sorted(pins)}",
            hint="give each light, the buzzer and the button a pin of its own",
        )


def require_known(setting: str, values: Sequence[str], known: Sequence[str]) -> None:
    """Raises ConfigurationError where a value is none of those that there are."""
    for value in values:
        if value not in known:
            raise ConfigurationError(
                f"{setting}: there is no {value!r}", hint=f"there are: {', '.join(known)}"
            )
