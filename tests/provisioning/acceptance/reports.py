"""Reports as the bench makes them."""

from datetime import UTC, datetime

from provisioning.acceptance.bench import PARTS
from provisioning.acceptance.report import Report
from provisioning.acceptance.result import Figure, Outcome, Result

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
SERIAL = "10000000a1b2c3d4-035344534436344785c8cc01290172ab"
_FIGURES = {
    "camera": (Figure("frames_per_s", 14.9), Figure("brightness", 105), Figure("sharpness", 70)),
    "print": (Figure("read_percent", 100), Figure("module_px", 4.5), Figure("dark", 19)),
    "screen": (Figure("read_percent", 96), Figure("module_px", 3.0), Figure("light", 236)),
    "board": (Figure("serial", SERIAL), Figure("under_voltage", False)),
    "clock": (Figure("rtc_offset_s", 0), Figure("rtc_battery_mv", 2985)),
    "network": (Figure("interface", "wlan0"), Figure("wifi_dbm", -61)),
    "hub": (Figure("round_trip_ms", 412), Figure("answered_ago_s", 46)),
}


def a_report(signed_by: str = "AB", *bad: Result) -> Report:
    """All is good but `bad`, and the button is not fitted."""
    found = {result.part: result for result in bad}
    results = [
        found.get(part)
        or Result(
            part,
            Outcome.SKIPPED if part == "button" else Outcome.OK,
            "so it was",
            figures=_FIGURES.get(part, ()),
        )
        for part in PARTS
    ]
    return Report(AT, "gapura 0.1.0", signed_by, tuple(results))


def bad(part: str, advice: str) -> Result:
    return Result(part, Outcome.BAD, "something is wrong", advice, _FIGURES.get(part, ()))
