"""Which cards the setup helper acts on: any hub's until the kiosk is enrolled, then that hub's.

The helper keeps this itself, where the door cannot write: a door that was broken into must not be
able to have the network changed by a card of its own making.
"""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from provisioning.firstboot.small_file import read_small, write_whole
from provisioning.firstboot.timekeeping import SystemTime
from provisioning.firstboot.trouble import SetupFault, Trouble
from sync.wire.card import MAX_CHARACTERS, Card, open_card
from sync.wire.errors import WireError

_ROOT_FILE = "root"
_LAST_FILE = "last-card.json"
_ROOT = re.compile(rb"[0-9a-f]{64}")
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class LastCard:
    """The newest card that was acted on; its token by its hash."""

    issued_s: int = 0
    door: str = ""
    token: str = ""


class Trust:
    """`state_dir` is the helper's own. Every method raises OSError where it cannot be used."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    def root(self) -> bytes | None:
        """Return the root of the hub that this kiosk is enrolled at."""
        content = read_small(self._state_dir / _ROOT_FILE, _MOST_BYTES)
        return None if content is None else bytes.fromhex(content.decode())

    def learn_root(self, word: bytes) -> bool:
        """Take the door's word, once and for ever; return whether there is a root now."""
        if self.root() is None and _ROOT.fullmatch(word):
            write_whole(self._state_dir / _ROOT_FILE, word)
        return self.root() is not None

    def judge(self, text: str, clock: SystemTime) -> Card:
        """Return the card that a text is.

        Raises:
            SetupFault: it is none, forged, another hub's or door's, old or over.
        """
        if len(text) > MAX_CHARACTERS:
            raise SetupFault(Trouble.NO_CARD)
        try:
            card, _keys = open_card(text, pinned_root=None)
        except WireError as error:
            raise SetupFault(Trouble.CARD_FORGED) from error
        # Of a clock that is merely set, nothing is known.
        if clock.is_synchronised() and clock.now_s() > card.expires_s:
            raise SetupFault(Trouble.CARD_EXPIRED)
        root = self.root()
        if root is not None:
            self._require_own(card, root)
        return card

    def _require_own(self, card: Card, root: bytes) -> None:
        last = self._last()
        if card.root_public != root:
            raise SetupFault(Trouble.CARD_OTHER_HUB)
        if last.door and card.door.hex() != last.door:
            raise SetupFault(Trouble.CARD_OTHER_DOOR)
        if card.issued_at_s < last.issued_s:
            raise SetupFault(Trouble.CARD_OLD)

    def has_acted_on(self, card: Card) -> bool:
        return self._last().token == _mark(card)

    def remember(self, card: Card) -> None:
        content = {"issued_s": card.issued_at_s, "door": card.door.hex(), "token": _mark(card)}
        write_whole(self._state_dir / _LAST_FILE, json.dumps(content).encode())

    def _last(self) -> LastCard:
        content = read_small(self._state_dir / _LAST_FILE, _MOST_BYTES)
        return LastCard() if content is None else LastCard(**json.loads(content))


def _mark(card: Card) -> str:
    return sha256(b"gapura/last-card/1" + card.token).hexdigest()
