"""`gapura-hub import-roster`: people who are known by a number."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import clock, installation
from sync.hub.commands.output import offer_json, read_file, say
from sync.hub.errors import FaultyFile
from sync.hub.people.roster import Imported, import_roster
from sync.hub.people.roster_file import RosterFile, read_roster_file


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV with the columns identifier and label"
    )
    parser.add_argument("--dry-run", action="store_true", help="check the file and store nothing")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    content = read_file(arguments.file)
    try:
        file = read_roster_file(content)
    except FaultyFile as fault:
        raise FaultyFile(f"{arguments.file}: {fault}") from fault
    done = None if arguments.dry_run else _import(file)
    say(_lines(file, done), _content(file, done), as_json=arguments.json)


def _import(file: RosterFile) -> Imported:
    return import_roster(file, clock.now(), installation.people_key())


def _lines(file: RosterFile, done: Imported | None) -> list[str]:
    shapes = ", ".join(f"{length} {alphabet}" for alphabet, length in file.shapes)
    told = f"{len(file.people)} people; numbers of {shapes}."
    if done is None:
        return [f"The file can be imported: {told}"]
    return [
        f"The roster has {told}",
        f"New: {done.added}. As before: {done.kept}. No longer: {done.left}.",
    ]


def _content(file: RosterFile, done: Imported | None) -> dict[str, object]:
    return {
        "people": len(file.people),
        "shapes": [list(shape) for shape in file.shapes],
        "added": None if done is None else done.added,
        "kept": None if done is None else done.kept,
        "left": None if done is None else done.left,
        "dry_run": done is None,
    }
