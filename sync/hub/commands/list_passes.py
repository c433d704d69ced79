"""`gapura-hub list-passes`: which passes there are, and whose."""

from argparse import ArgumentParser, Namespace

from kiosk.passes.claims import PassType
from sync.hub.commands.output import offer_json, say
from sync.hub.people.models import Pass


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--label", default="", metavar="TEXT", help="only whose name has this text")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    found = Pass.objects.select_related("subject").order_by("issued_at", "pk")
    sought = arguments.label.casefold()
    passes = [_content(row) for row in found if sought in row.subject.label.casefold()]
    lines = [_line(content) for content in passes] or ["No such pass was issued."]
    say(lines, {"passes": passes}, as_json=arguments.json)


def _content(row: Pass) -> dict[str, str | None]:
    return {
        "cti": row.cti.hex(),
        "sub": row.subject.sub.hex(),
        "type": PassType(row.pass_type).name.lower(),
        "label": row.subject.label,
        "expires": row.expires.isoformat(timespec="seconds"),
        "revoked": None if row.revoked_at is None else row.revoked_at.isoformat(timespec="seconds"),
    }


def _line(content: dict[str, str | None]) -> str:
    state = "revoked" if content["revoked"] else f"until {content['expires']}"
    return f"{content['cti']}  {content['type']}  {content['label']}  {state}"
