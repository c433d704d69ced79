"""`gapura-hub list-api-tokens`: which systems may read from the hub."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from sync.hub import clock
from sync.hub.attendance.models import ApiToken
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    rows = list(ApiToken.objects.select_related("office").order_by("pk"))
    content = {
        "tokens": [_content(row) for row in rows],
    }
    now = clock.now()
    say([_line(row, now) for row in rows] or ["No token."], content, as_json=arguments.json)


def _content(row: ApiToken) -> dict[str, str | None]:
    return {
        "name": row.name,
        "scope": row.scope,
        "office": None if row.office is None else row.office.name,
        "expires": row.expires.isoformat(),
        "used": _instant(row.used_at),
        "revoked": _instant(row.revoked_at),
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _line(row: ApiToken, now: datetime) -> str:
    state = f"until {row.expires:%Y-%m-%d}"
    if row.expires <= now:
        state = f"expired {row.expires:%Y-%m-%d}"
    if row.revoked_at is not None:
        state = f"revoked {row.revoked_at:%Y-%m-%d}"
    used = "never used" if row.used_at is None else f"last used {row.used_at:%Y-%m-%d %H:%M} UTC"
    office = "all offices" if row.office is None else row.office.name
    return f"{row.name}  {row.scope}  {office}  {state}  {used}"
