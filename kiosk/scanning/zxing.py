"""zxing-cpp, for payloads byte for byte. Its `text` is a reading of the bytes; it is never used."""

from typing import TYPE_CHECKING

from hardware.interfaces import GreyImage
from kiosk.scanning.code import MAX_CODES, Corners, Decode, RawCode, clockwise
from kiosk.scanning.errors import DecoderMissing

if TYPE_CHECKING:
    from zxingcpp import Barcode


def zxing_decoder(*, invert: bool) -> Decode:
    """Make a decoder of QR codes at any angle; with `invert`, of light-on-dark ones too.

    Micro QR and rMQR are left out: no pass comes as one, and their weaker error correction makes
    false reads likelier.

    Raises:
        DecoderMissing: zxing-cpp is not installed.
    """
    try:
        import zxingcpp  # noqa: PLC0415 - optional: there is no wheel for 32-bit Arm
    except ImportError as error:
        raise DecoderMissing(
            "zxing-cpp cannot be loaded", hint="install zxing-cpp (pip, 64-bit systems only)"
        ) from error

    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

    def decode(grey: GreyImage) -> tuple[RawCode, ...]:
        if not grey.size:
            return ()
        found = zxingcpp.read_barcodes(grey, formats=wanted, try_invert=invert)
        return tuple(RawCode(code.bytes, _corners(code)) for code in found[:MAX_CODES])

    return decode


def _corners(code: "Barcode") -> Corners:
    at = code.position
    first, second, third, fourth = (
        (float(point.x), float(point.y))
        for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    )
    return clockwise((first, second, third, fourth))
