"""zbar through pyzbar's wrapper, for payloads byte for byte.

pyzbar's own `decode()` is not used: it lets zbar guess a character set, which alters binary and
accented payloads, and it raises on an empty picture and on the parts of a structured append.
"""

from collections.abc import Iterator
from ctypes import c_void_p, cast, string_at
from typing import Any

import numpy as np

from hardware.interfaces import GreyImage
from kiosk.scanning.code import MAX_CODES, Corners, Decode, RawCode, clockwise
from kiosk.scanning.errors import DecoderMissing

# zbar.h. pyzbar's own list of settings is older than CFG_BINARY and has another value there.
_QRCODE = 64
_EVERY_SYMBOLOGY = 0
_CFG_ENABLE = 0
_CFG_BINARY = 4
_GREY_FOURCC = int.from_bytes(b"Y800", "little")


def zbar_decoder() -> Decode:
    """Make a decoder of dark-on-light QR codes. It serves one thread at a time.

    Raises:
        DecoderMissing: pyzbar or libzbar is absent, or libzbar is older than 0.23.1.
    """
    try:
        from pyzbar import wrapper  # noqa: PLC0415 - importing it loads the C library
    except ImportError as error:
        raise DecoderMissing(
            "pyzbar cannot be loaded", hint="install libzbar0 (apt) and pyzbar (pip)"
        ) from error
    return _Zbar(wrapper)


class _Zbar:
    def __init__(self, wrapper: Any) -> None:
        self._zbar = wrapper
        self._scanner = wrapper.zbar_image_scanner_create()
        configure = wrapper.zbar_image_scanner_set_config
        configure(self._scanner, _EVERY_SYMBOLOGY, _CFG_ENABLE, 0)
        configure(self._scanner, _QRCODE, _CFG_ENABLE, 1)
        if configure(self._scanner, _QRCODE, _CFG_BINARY, 1):
            raise DecoderMissing(
                "this libzbar alters binary payloads", hint="install libzbar 0.23.1 or newer"
            )

    def __del__(self) -> None:
        self._zbar.zbar_image_scanner_destroy(self._scanner)

    def __call__(self, grey: GreyImage) -> tuple[RawCode, ...]:
        if not grey.size:
            return ()
        pixels = np.ascontiguousarray(grey)
        image = self._zbar.zbar_image_create()
        try:
            self._describe(image, pixels)
            self._zbar.zbar_scan_image(self._scanner, image)
            return tuple(self._codes(image))
        finally:
            self._zbar.zbar_image_destroy(image)

    def _describe(self, image: Any, pixels: GreyImage) -> None:
        """`pixels` must outlive `image`: zbar reads it in place."""
        height, width = pixels.shape
        self._zbar.zbar_image_set_format(image, _GREY_FOURCC)
        self._zbar.zbar_image_set_size(image, width, height)
        data = cast(pixels.ctypes.data, c_void_p)
        self._zbar.zbar_image_set_data(image, data, pixels.size, None)

    def _codes(self, image: Any) -> Iterator[RawCode]:
        symbol = self._zbar.zbar_image_first_symbol(image)
        for _ in range(MAX_CODES):
            if not symbol:
                return
            corners = self._corners(symbol)
            if corners and symbol.contents.type == _QRCODE:
                yield RawCode(self._payload(symbol), corners)
            symbol = self._zbar.zbar_symbol_next(symbol)

    def _payload(self, symbol: Any) -> bytes:
        length = self._zbar.zbar_symbol_get_data_length(symbol)
        return string_at(self._zbar.zbar_symbol_get_data(symbol), length)

    def _corners(self, symbol: Any) -> Corners | None:
        """None for what zbar joins from the parts of a structured append: it lies nowhere."""
        if self._zbar.zbar_symbol_get_loc_size(symbol) != 4:
            return None
        # zbar goes round the other way: top left, bottom left, bottom right, top right.
        first, fourth, third, second = (self._point(symbol, index) for index in range(4))
        return clockwise((first, second, third, fourth))

    def _point(self, symbol: Any, index: int) -> tuple[float, float]:
        x = self._zbar.zbar_symbol_get_loc_x(symbol, index)
        y = self._zbar.zbar_symbol_get_loc_y(symbol, index)
        return float(x), float(y)
