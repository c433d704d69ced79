"""The parts that a configuration names, not opened yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hardware import catalogue
from hardware.interfaces import Board, Button, Buzzer, Camera, Lamp
from kiosk.config import Configuration


class Closable(Protocol):
    def close(self) -> None: ...


P_co = TypeVar("P_co", bound=Closable, covariant=True)


@dataclass(frozen=True, slots=True)
class Fitting(Generic[P_co]):
    """One part: which driver, and how to open it."""

    driver: str
    open: Callable[[], P_co]

    @property
    def is_fitted(self) -> bool:
        return self.driver != "absent"


@dataclass(frozen=True, slots=True)
class Parts:
    camera: Fitting[Camera]
    lamp: Fitting[Lamp]
    buzzer: Fitting[Buzzer]
    button: Fitting[Button]
    board: Fitting[Board]


def parts_of(configuration: Configuration) -> Parts:
    camera, lamp = configuration.camera, configuration.lamp
    buzzer, button, board = configuration.buzzer, configuration.button, configuration.board
    return Parts(
        camera=Fitting(
            camera.driver,
            lambda: catalogue.camera(
                camera.driver,
                source=camera.source,
                width_px=camera.width_px,
                height_px=camera.height_px,
                seed=camera.seed,
            ),
        ),
        lamp=Fitting(
            lamp.driver,
            lambda: catalogue.lamp(lamp.driver, red_pin=lamp.red_pin, green_pin=lamp.green_pin),
        ),
        buzzer=Fitting(buzzer.driver, lambda: catalogue.buzzer(buzzer.driver, pin=buzzer.pin)),
        button=Fitting(button.driver, lambda: catalogue.button(button.driver, pin=button.pin)),
        board=Fitting(board.driver, lambda: catalogue.board(board.driver)),
    )
