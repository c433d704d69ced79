"""`gapura-hub retain`: deletes what has been kept long enough, and records that it did."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.commands.output import offer_json, say
from sync.hub.privacy.audit import seal
from sync.hub.privacy.erasing import erase
from sync.hub.privacy.retention import retain


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")
    parser.add_argument(
        "--rewrite",
        action="store_true",
        help="write the tables anew, so that nothing deleted is left in the database's files; "
        "nobody can use a table meanwhile",
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    at = clock.now()
    swept = retain(at, is_dry=arguments.dry_run)
    if not arguments.dry_run:
        erase(rewrite=arguments.rewrite)
        seal(at)
    counts = {one.kind.value: one.count for one in swept}
    content = {
        "dry_run": arguments.dry_run,
        "until": {one.kind.value: one.until.isoformat(timespec="seconds") for one in swept},
        "deleted": counts,
    }
    verb = "would be deleted" if arguments.dry_run else "deleted"
    lines = [
        f"{one.kind.value}: {one.count} {verb}, up to {one.until.isoformat(timespec='seconds')}"
        for one in swept
    ]
    say(lines, content, as_json=arguments.json)
