"""`gapura-hub list-api-tokens`: which systems may read from the hub."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from sync.hub import clock
from sync.hub.attendance.models import ApiToken, Webhook
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    rows = list(ApiToken.objects.select_related("office", "webhook").order_by("pk"))
    content = {
        "tokens": [_content(row) for row in rows],
    }
    now = clock.now()
    lines = [line for row in rows for line in (_line(row, now), *_told_line(row))]
    say(lines or ["No token."], content, as_json=arguments.json)


def _content(row: ApiToken) -> dict[str, object]:
    return {
        "name": row.name,
        "scope": row.scope,
        "office": None if row.office is None else row.office.name,
        "expires": row.expires.isoformat(),
        "used": _instant(row.used_at),
        "revoked": _instant(row.revoked_at),
        "webhook": None if (found := _webhook(row)) is None else _webhook_content(found),
    }


def _webhook(row: ApiToken) -> Webhook | None:
    return getattr(row, "webhook", None)


def _webhook_content(row: Webhook) -> dict[str, object]:
    return {
        "url": _address(row),
        "state": _state(row),
        "trouble": row.trouble or None,
        "status": row.status or None,
        "failures": row.failures,
        "since": _instant(row.news_at),
    }


def _address(row: Webhook) -> str:
    """Without what follows a question mark: it may be a word that opens something."""
    return row.url.partition("?")[0]


def _state(row: Webhook) -> str:
    if row.stopped_at is not None:
        return "given up"
    return "failing" if row.failures else "told"


def _told_line(row: ApiToken) -> list[str]:
    found = _webhook(row)
    if found is None:
        return []
    state = _state(found)
    if found.failures and found.news_at is not None:
        status = f" (HTTP {found.status})" if found.status else ""
        since = f"{found.news_at:%Y-%m-%d %H:%M} UTC"
        state += f" after {found.failures} attempts since {since}: {_reason(found)}{status}"
    return [f"  notices to {_address(found)}: {state}"]


def _reason(row: Webhook) -> str:
    return str(row.get_trouble_display())


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
