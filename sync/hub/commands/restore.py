"""`gapura-hub restore`: puts a backup into an empty directory and an empty database."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import clock
from sync.hub.age_keys import read_identities
from sync.hub.backup.restoring import restore
from sync.hub.commands.output import offer_json, say
from sync.hub.environment import read_process_environment
from sync.hub.home import Home


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="the backup")
    parser.add_argument(
        "--identity", type=Path, metavar="FILE", required=True, help="what opens the backup"
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    given = read_process_environment()
    identities = read_identities(arguments.identity)
    home, now = Home(given.home), clock.now()
    manifest = restore(home, given.database, arguments.path, identities, now)
    made_at = manifest.made_at.isoformat()
    content = {
        "home": str(given.home),
        "hub": manifest.hub,
        "made_at": made_at,
        "files": len(manifest.files),
    }
    lines = [
        f"The hub {manifest.hub} is in {given.home} as it was at {made_at}.",
        "Next: gapura-hub migrate, then start it. Kiosks send again what came after the backup, as",
        "far as they still have it. What people did at the hub since then is lost: do it again,",
        "first of all revoke passes, kiosks and keys that were revoked since; then passes, roster,",
        "rulebooks, people and accounts. Kiosks that know more than this hub are told nothing new",
        "until gapura-hub confirm-restore says that all was revoked again.",
    ]
    say(lines, content, as_json=arguments.json)
