"""What a Linux laptop says about itself."""

import hashlib
from pathlib import Path

from hardware.errors import BoardFault
from hardware.interfaces import BoardReading


class DesktopBoard:
    def __init__(
        self,
        *,
        machine_id: Path = Path("/etc/machine-id"),
        thermal: Path = Path("/sys/class/thermal"),
    ) -> None:
        self._machine_id = machine_id
        self._thermal = thermal
        self._closed = False

    def serial(self) -> str:
        """Return 16 hex digits made from the machine id.

        machine-id(5) asks for it to be hashed with something of the application's own, so that
        one application's name for the machine is not another's.
        """
        self._check_open()
        machine_id = _text(self._machine_id)
        if not machine_id:
            return ""
        return hashlib.sha256(b"gapura board\0" + machine_id.encode()).hexdigest()[:16]

    def read(self) -> BoardReading:
        self._check_open()
        return BoardReading(temperature_c=self._temperature_c(), under_voltage=None)

    def describe(self) -> str:
        self._check_open()
        return "desktop"

    def close(self) -> None:
        self._closed = True

    def _temperature_c(self) -> float | None:
        for sensor in sorted(self._thermal.glob("thermal_zone*/temp")):
            try:
                return int(_text(sensor)) / 1000
            except ValueError as error:
                raise BoardFault(f"{sensor} holds no number", hint="reboot") from error
        return None

    def _check_open(self) -> None:
        if self._closed:
            raise BoardFault("the board is closed", hint="restart the kiosk")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BoardFault(
            f"{path} cannot be read: {error.strerror}", hint="check who may read it"
        ) from error
