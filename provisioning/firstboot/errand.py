"""The setup helper's errand: what was left for it, verified, and only then acted upon."""

import grp
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from provisioning.firstboot import boot_file
from provisioning.firstboot.boot_file import Wish, blank_boot_file, read_boot_file
from provisioning.firstboot.network import Run, run_quietly, set_up_wifi
from provisioning.firstboot.report import Report, failed, read_report, write_report
from provisioning.firstboot.small_file import read_small, write_whole
from provisioning.firstboot.timekeeping import SystemTime, put_forward
from provisioning.firstboot.trouble import SetupFault, Trouble
from provisioning.firstboot.trust import Trust
from sync.wire.card import MAX_CHARACTERS, Card

logger = logging.getLogger(__name__)

OFFERED = "offered.card"
_DOOR_GROUP = "gapura-kiosk"
_WORD_BYTES = 64
CAMERA, BOOT, STICK = "camera", "boot partition", "stick"


@dataclass(frozen=True, slots=True)
class Places:
    """`given` has what the door left (`card`, `enrolled`); `run_dir` and `state_dir` are the
    helper's own; `stick_card` is a copy of the stick's file.
    """

    given: Path
    run_dir: Path
    state_dir: Path
    connections: Path
    boot_dir: Path
    stick_card: Path
    nmcli: str = "/usr/bin/nmcli"


class Errand:
    def __init__(
        self, places: Places, clock: SystemTime | None = None, run: Run = run_quietly
    ) -> None:
        self._places = places
        self._clock = clock or SystemTime()
        self._run = run
        self._trust = Trust(places.state_dir)

    def go(self) -> Report:
        """Act on whatever there is; return what became of it, which is also left for the door.

        Raises:
            OSError: not even that can be written.
        """
        self._hear_of_enrolment()
        self._offer_again()
        found = [
            report
            for source in (self._from_boot, self._from_stick, self._from_camera)
            if (report := _guarded(source)) is not None
        ]
        bad = [report for report in found if report.outcome != "done"]
        report = (bad or found or [read_report(self._places.run_dir) or Report("done")])[-1]
        write_report(self._places.run_dir, report)
        return report

    def _from_camera(self) -> Report | None:
        path = self._places.given / "card"
        text = _text_of(path)
        if text is None:
            return None
        path.unlink(missing_ok=True)
        return self._act(CAMERA, Wish(text))

    def _from_stick(self) -> Report | None:
        text = _text_of(self._places.stick_card)
        if text is None:
            return None
        self._places.stick_card.unlink(missing_ok=True)
        return self._act(STICK, Wish(text.strip()), offer=True)

    def _from_boot(self) -> Report | None:
        path = self._places.boot_dir / boot_file.NAME
        try:
            wish = read_boot_file(path)
        except SetupFault as fault:
            return failed(BOOT, fault)
        if not wish:
            return None
        report = self._act(BOOT, wish, offer=True)
        # Whoever mistyped a card mends it in the file; a network is kept, and tried for ever.
        if report.outcome == "done" or report.step == "network":
            blank_boot_file(path)
        return report

    def _act(self, source: str, wish: Wish, *, offer: bool = False) -> Report:
        try:
            self._carry_out(wish, offer=offer)
        except SetupFault as fault:
            logger.warning("what the %s brought: %s", source, fault)
            return failed(source, fault)
        logger.info("what the %s brought has been set up", source)
        return Report("done", source)

    def _carry_out(self, wish: Wish, *, offer: bool) -> None:
        """The network comes last: it may take a minute, and may fail with all else done."""
        wifi = wish.wifi
        if wish.card or wifi is None:
            card = self._trust.judge(wish.card, self._clock)
            if offer and not self._is_settled(card):
                self._offer(wish.card)
            put_forward(self._clock, card.issued_at_s)
            wifi = wifi or card.wifi
            self._trust.remember(card)
        if wifi is not None:
            set_up_wifi(
                *(wifi, self._places.connections, self._places.state_dir),
                *(self._places.nmcli, self._run),
            )

    def _is_settled(self, card: Card) -> bool:
        """Whether an enrolled kiosk has had this card: a stick may lie in for weeks."""
        return self._trust.root() is not None and self._trust.has_acted_on(card)

    def _hear_of_enrolment(self) -> None:
        path = self._places.given / "enrolled"
        word = read_small(path, _WORD_BYTES)
        if word is None:
            return
        path.unlink(missing_ok=True)
        if self._trust.learn_root(word):
            for folder in (self._places.run_dir, self._places.state_dir):
                (folder / OFFERED).unlink(missing_ok=True)

    def _offer(self, text: str) -> None:
        """Leave a card where the door looks, and keep it: the file that it came from is emptied."""
        write_whole(self._places.state_dir / OFFERED, text.encode())
        self._show_offer(text.encode())

    def _offer_again(self) -> None:
        kept = read_small(self._places.state_dir / OFFERED, MAX_CHARACTERS)
        if kept is not None and not (self._places.run_dir / OFFERED).exists():
            self._show_offer(kept)

    def _show_offer(self, content: bytes) -> None:
        group = None
        with suppress(KeyError):
            group = grp.getgrnam(_DOOR_GROUP).gr_gid
        write_whole(self._places.run_dir / OFFERED, content, mode=0o640, group=group)


def _text_of(path: Path) -> str | None:
    content = read_small(path, MAX_CHARACTERS + 2)
    return None if content is None else content.decode("ascii", "replace")


def _guarded(source: Callable[[], Report | None]) -> Report | None:
    """One source that fails keeps no other from being looked at."""
    try:
        return source()
    except OSError as error:
        logger.error("a file cannot be used: %s", error.strerror)
        return failed("", SetupFault(Trouble.NOT_WRITTEN))
