"""`gapura-hub migrate`: makes the hub's directory, keys and tables, or brings them up to date."""

from argparse import ArgumentParser, Namespace

import django
from django.core.management import call_command

from sync.hub import clock
from sync.hub.commands.output import offer_json, say
from sync.hub.environment import read_process_environment
from sync.hub.home import Home
from sync.hub.key_making import OFFLINE_ROOT, make_keys
from sync.hub.keyring import load_keyring
from sync.hub.restore_mark import RestoreMark


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    home = Home(read_process_environment().home)
    home.prepare()
    made = make_keys(home.keys, clock.now())
    hub = load_keyring(home.keys).hub.hex()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    version = _publish_default_rulebook()
    mark = _take_note(home)
    lines = [f"The hub in {home.path} is ready. Its number is {hub}."]
    offline = home.keys / OFFLINE_ROOT
    if offline.exists():
        lines += _warn_of(str(offline))
    if mark is not None:
        lines += _warn_of_restore(mark)
    content = {
        "home": str(home.path),
        "hub": hub,
        "keys_made": made,
        "rulebook": version,
        "restored": None if mark is None else mark.backup_at.isoformat(),
    }
    say(lines, content, as_json=arguments.json)


def _take_note(home: Home) -> RestoreMark | None:
    from sync.hub.fleet.restored import take_note  # noqa: PLC0415

    return take_note(home)


def _publish_default_rulebook() -> int:
    from sync.hub.rules.models import Rulebook  # noqa: PLC0415
    from sync.hub.rules.publishing import publish_default  # noqa: PLC0415

    publish_default(clock.now())
    return Rulebook.objects.order_by("-version").values_list("version", flat=True)[0]


def _warn_of_restore(mark: RestoreMark) -> list[str]:
    return [
        "",
        f"This hub was restored as it was at {mark.backup_at.isoformat()}.",
        "Revoke again what was revoked since: passes, kiosks and keys. Then run gapura-hub",
        "confirm-restore; until then kiosks that know more than this hub are told nothing new.",
    ]


def _warn_of(offline: str) -> list[str]:
    return [
        "",
        "The root and recovery keys are still on this machine:",
        f"  {offline}",
        "Put that folder on two offline media, keep them in two places, and delete it here; bring",
        "one back only to renew keys. Whoever has the root key can pass for your hub; without the",
        "recovery key, visits that were sealed to a lost hub stay unreadable.",
    ]
