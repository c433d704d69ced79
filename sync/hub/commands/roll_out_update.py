"""`gapura-hub roll-out-update`: how far updates have come; offers one to more or fewer kiosks."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from sync.hub.commands.output import offer_json, say
from sync.hub.errors import CommandFault, UsageFault
from sync.hub.fleet.models import Office, SoftwareUpdate
from sync.hub.fleet.updates import SHELF, fares
from sync.wire.update import rank_of


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("version", nargs="?", metavar="VERSION", help="all are shown without one")
    add_aim(parser)
    pausing = parser.add_mutually_exclusive_group()
    pausing.add_argument("--pause", action="store_true", help="offer it to nobody")
    pausing.add_argument("--resume", action="store_true", help="offer it again")
    offer_json(parser)


def add_aim(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--percent", type=_percent, metavar="N", help="offer it to so many of the doors"
    )
    offices = parser.add_mutually_exclusive_group()
    offices.add_argument(
        "--office", action="append", metavar="NAME", help="of this office alone; repeatable"
    )
    offices.add_argument("--all-offices", action="store_true", help="of all offices again")


def run(arguments: Namespace) -> None:
    if arguments.version is not None:
        update = SoftwareUpdate.objects.filter(version=arguments.version).first()
        if update is None:
            raise CommandFault(f"no update {arguments.version} is published")
        if arguments.pause or arguments.resume:
            update.is_paused = arguments.pause
        aim(update, arguments)
    elif _changes(arguments):
        raise UsageFault("name the version that is to be rolled out")
    rows = [_row(update) for update in SoftwareUpdate.objects.prefetch_related("offices")]
    rows.sort(key=lambda row: rank_of(str(row["version"])), reverse=True)
    lines = [_line(row) for row in rows] or ["No update is published."]
    say(lines, {"updates": rows}, as_json=arguments.json)


def aim(update: SoftwareUpdate, arguments: Namespace) -> str:
    """Do as the options say, and say what that comes to.

    Raises:
        CommandFault: there is no such office.
    """
    offices = [_office(name) for name in arguments.office or ()]
    if arguments.percent is not None:
        update.percent = arguments.percent
    update.save()
    if offices or arguments.all_offices:
        update.offices.set(offices)
    SHELF.clear()
    return _line(_row(update))


def _changes(arguments: Namespace) -> bool:
    given = (arguments.percent is not None, arguments.office, arguments.all_offices)
    return any((*given, arguments.pause, arguments.resume))


def _office(name: str) -> Office:
    office = Office.objects.filter(name=name).first()
    if office is None:
        raise CommandFault(f"there is no office {name}")
    return office


def _row(update: SoftwareUpdate) -> dict[str, object]:
    rank, found = rank_of(update.version), fares()
    return {
        "version": update.version,
        "percent": update.percent,
        "offices": sorted(office.name for office in update.offices.all()),
        "paused": update.is_paused,
        "stopped": found.is_stopped(rank),
        "running": found.running[rank],
        "kiosks": found.kiosks,
        "refused": found.refused[rank],
    }


def _line(row: dict[str, object]) -> str:
    offices = row["offices"]
    where = f" of {', '.join(offices)}" if isinstance(offices, list) and offices else ""
    state = f"offered to {row['percent']} % of the doors{where}"
    if row["stopped"]:
        state = f"stopped: {row['refused']} kiosks refused it or took it back"
    elif row["paused"]:
        state = "paused"
    return (
        f"{row['version']}: {state}; {row['running']} of {row['kiosks']} kiosks run it, "
        f"{row['refused']} refused it"
    )


def _percent(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 100:
        raise ArgumentTypeError("must be a number from 0 to 100")
    return int(text)
