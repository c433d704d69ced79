"""What can be wrong with a part.

HardwareFault
├── CameraFault          the camera is missing, stalled, or its picture cannot be used
│   └── CameraExhausted  a recording or folder of pictures has come to its end
├── LampFault
├── BuzzerFault
├── ButtonFault
├── BoardFault
└── UnknownDriver        the configuration names a driver that the catalogue does not have
"""


class HardwareFault(Exception):
    """A part does not work. `hint` says what a technician should do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class CameraFault(HardwareFault):
    """The camera gives no usable picture."""


class CameraExhausted(CameraFault):
    """A recording has been shown to its end; no frame will follow."""


class LampFault(HardwareFault):
    """The lamp cannot be switched."""


class BuzzerFault(HardwareFault):
    """The buzzer cannot be sounded."""


class ButtonFault(HardwareFault):
    """The button cannot be read."""


class BoardFault(HardwareFault):
    """The board's own sensors or identity cannot be read."""


class UnknownDriver(HardwareFault):
    """No driver of that name exists for this part."""
