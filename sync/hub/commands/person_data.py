"""`gapura-hub person-data`: all that is held on somebody; or their deletion."""

import json
from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.commands.output import identifier, offer_json, say
from sync.hub.errors import CommandFault
from sync.hub.privacy.audit import note, pseudonym
from sync.hub.privacy.erasing import erase
from sync.hub.privacy.forgetting import forget_person
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.person_data import find_subject, held_on


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "identifier", type=identifier, metavar="SUB|CTI", help="the subject, or a pass of theirs"
    )
    parser.add_argument("--delete", action="store_true", help="delete the person; no way back")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    subject = find_subject(arguments.identifier)
    if subject is None:
        raise CommandFault(f"{arguments.identifier.hex()}: nobody has this sub or this pass")
    at = clock.now()
    if not arguments.delete:
        note(Event.PERSON_SHOWN, {"who": pseudonym(subject.sub)})
        held = held_on(subject, at)
        say([json.dumps(held, ensure_ascii=False, indent=2)], held, as_json=arguments.json)
        return
    forgotten = forget_person(subject, at)
    erase()
    content = {
        "passes_withdrawn": forgotten.passes,
        "visits_unlinked": forgotten.visits,
    }
    lines = [
        f"Deleted: {forgotten.passes} passes withdrawn, {forgotten.visits} visits of nobody now.",
        "Write the tables anew tonight: gapura-hub retain --rewrite",
    ]
    say(lines, content, as_json=arguments.json)
