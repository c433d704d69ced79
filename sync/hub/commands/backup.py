"""`gapura-hub backup`: writes all of the hub to one sealed file, or checks such a file."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from sync.hub import clock, installation
from sync.hub.age_keys import read_identities
from sync.hub.backup.archive import read_archive
from sync.hub.backup.manifest import Manifest
from sync.hub.backup.taking import Taken, take_backup
from sync.hub.commands.output import offer_json, say
from sync.hub.errors import UsageFault
from sync.hub.key_making import OFFLINE_ROOT


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder for many")
    parser.add_argument(
        "--keep", type=_count, metavar="N", help="in a folder: only the newest N of this hub stay"
    )
    parser.add_argument("--verify", action="store_true", help="check the backup PATH instead")
    parser.add_argument(
        "--identity", type=Path, metavar="FILE", help="of --verify: what opens the backup"
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    if arguments.verify:
        _verify(arguments)
        return
    if arguments.keep and not arguments.path.is_dir():
        raise UsageFault("--keep is for a folder of backups")
    home, database = installation.home(), installation.environment().database
    taken = take_backup(home, database, arguments.path, clock.now(), arguments.keep)
    content = {
        "file": str(taken.path),
        **_told(taken.path, taken.manifest),
        "removed": [path.name for path in taken.removed],
        "left_out": taken.left_out,
    }
    say([*_lines(taken), *_warnings(taken)], content, as_json=arguments.json)


def _verify(arguments: Namespace) -> None:
    if arguments.identity is None:
        raise UsageFault("--verify needs --identity FILE, which `create-backup-key` made")
    manifest = read_archive(arguments.path, read_identities(arguments.identity))
    content = {"file": str(arguments.path), **_told(arguments.path, manifest)}
    lines = [
        f"{arguments.path}: sound. {len(manifest.files)} files of the hub {manifest.hub},",
        f"made {manifest.made_at.isoformat()}, with a {manifest.database.value} database.",
    ]
    say(lines, content, as_json=arguments.json)


def _told(path: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "bytes": path.stat().st_size,
        "made_at": manifest.made_at.isoformat(),
        "hub": manifest.hub,
        "database": manifest.database.value,
        "files": len(manifest.files),
    }


def _lines(taken: Taken) -> list[str]:
    lines = [f"{taken.path}: {taken.path.stat().st_size} bytes, written and read back."]
    if taken.removed:
        lines.append(f"Older ones removed: {len(taken.removed)}.")
    return lines


def _warnings(taken: Taken) -> list[str]:
    found = [f"Not in it, for it is no plain file: {name}" for name in taken.left_out]
    named = installation.environment().device_ca
    home = installation.home()
    if named is not None and not named.is_relative_to(home.path):
        found.append(f"Not in it, for it is elsewhere: {named}")
    if (offline := home.keys / OFFLINE_ROOT).exists():
        found.append(f"Not in it, and not to stay here: {offline}. Put it on two offline media.")
    return found


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise ArgumentTypeError("must be a number from 1 to 10000")
    return int(text)
