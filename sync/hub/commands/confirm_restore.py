"""`gapura-hub confirm-restore`: what was revoked since the backup has been revoked again."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.commands.output import offer_json, say
from sync.hub.fleet.restored import confirm


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    done = confirm(clock.now())
    lines = [
        f"Confirmed: the restore of {one.restored_at:%Y-%m-%d %H:%M} UTC, of the backup of"
        f" {one.backup_at:%Y-%m-%d %H:%M} UTC. Kiosks are told what holds here now."
        for one in done
    ]
    content = {
        "confirmed": [
            {"backup_at": one.backup_at.isoformat(), "restored_at": one.restored_at.isoformat()}
            for one in done
        ],
    }
    say(lines or ["There is no restore to be confirmed."], content, as_json=arguments.json)
