"""A door that packs, and a hub that empties sticks: both remember, neither has a key."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sync.uplink.errors import DoorAway
from sync.wire import cbor
from sync.wire.link import Answer, Ask, Load, Request, StickState
from sync.wire.parcel import DOWN, MAGIC, ROOT, UP, VERSION, check_parcel

EPOCH = b"epoch-one-------"


def parcel(content: bytes) -> bytes:
    """Return what a parcel looks like to who cannot open it; here it is not sealed at all."""
    return cbor.encode([MAGIC, VERSION, sha256(content).digest(), content])


@dataclass(slots=True)
class PackingDoor:
    """`away` makes it answer nothing; `states` is what the lamp was told."""

    folder: str = "0123456789abcdef"
    newest_seq: int = 0
    settled_seq: int = 0
    epoch: bytes = EPOCH
    most: int = 500
    has_hub: bool = True
    away: bool = False
    refuses: str = ""
    asked: list[Request] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    states: list[StickState] = field(default_factory=list)

    def ask(self, request: Request) -> Answer:
        if self.away:
            raise DoorAway("the door does not answer on its socket")
        self.asked.append(request)
        match request.ask:
            case Ask.PACK:
                return self._pack(request)
            case Ask.UNPACK:
                return self._unpack(request.envelope)
            case Ask.STICK:
                self.states.append(request.stick)
        return Answer()

    def _pack(self, request: Request) -> Answer:
        if not self.has_hub:
            return Answer()
        start = max(request.after_seq, self.settled_seq)
        if request.after_seq > self.newest_seq:
            start = self.settled_seq
        last = min(self.newest_seq, start + min(request.most_entries, self.most))
        content = cbor.encode([self.folder, *range(start + 1, last + 1)])
        load = Load(self.folder, self.epoch, self.settled_seq, self.newest_seq)
        return Answer(
            envelope=parcel(content), last_seq=last, more=last < self.newest_seq, load=load
        )

    def _unpack(self, data: bytes) -> Answer:
        if self.refuses:
            return Answer(error=self.refuses)
        content = cbor.decode(check_parcel(data))
        self.taken.append(data)
        if isinstance(content, int):
            self.settled_seq = max(self.settled_seq, content)
        return Answer()

    @property
    def own_up(self) -> Path:
        return Path(ROOT, UP, self.folder)


@dataclass(slots=True)
class EmptyingHub:
    """Reads every parcel on a stick, and answers as far as it has all of a door's entries."""

    stored: dict[str, set[int]] = field(default_factory=dict)

    def empty(self, stick: Path) -> None:
        for file in sorted((stick / ROOT / UP).rglob("*.parcel")):
            content = cbor.decode(check_parcel(file.read_bytes()))
            assert isinstance(content, list)
            folder, *seqs = content
            assert isinstance(folder, str)
            kept = self.stored.setdefault(folder, set())
            kept.update(seq for seq in seqs if isinstance(seq, int))
            down = stick / ROOT / DOWN / folder
            down.mkdir(parents=True, exist_ok=True)
            (down / "receipt.parcel").write_bytes(parcel(cbor.encode(self.acked(folder))))

    def acked(self, folder: str) -> int:
        kept, acked = self.stored.get(folder, set()), 0
        while acked + 1 in kept:
            acked += 1
        return acked


def down(stick: Path, folder: str, name: str, content: bytes) -> Path:
    path = stick / ROOT / DOWN / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def files(stick: Path) -> dict[str, bytes]:
    """Return every file on the stick."""
    return {
        str(path.relative_to(stick)): path.read_bytes()
        for path in sorted(stick.rglob("*"))
        if path.is_file()
    }
