"""Who may open which page: one row for every name of a URL. What has no row nobody may open."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django_otp.middleware import is_verified

from sync.hub.web.models import Operator
from sync.hub.web.roles import EVERYBODY, OF_THE_DOORS, Role, needs_second_factor, roles_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """`roles` are asked of whoever has signed in with all that their roles need.

    `is_open` lets in everybody; `is_threshold` whoever has given the password at least.
    `shows_one_office` says that the page keeps to the office of somebody who has one.
    """

    roles: frozenset[Role] = field(default_factory=frozenset)
    is_open: bool = False
    is_threshold: bool = False
    shows_one_office: bool = False


def _only(*roles: Role) -> Access:
    return Access(frozenset(roles))


_OPEN = Access(is_open=True)
_THRESHOLD = Access(is_threshold=True)
_ATTENDANCE = Access(frozenset({Role.DISKOMINFO, Role.PERSONNEL}), shows_one_office=True)

# By URL name, or by namespace where an app brings URLs of its own.
ACCESS: Mapping[str, Access] = {
    "sync": _OPEN,
    "enrol": _OPEN,
    "ca": _OPEN,
    # Its ticket says which kiosk may.
    "update-part": _OPEN,
    "healthz": _OPEN,
    "sign-in": _OPEN,
    "language": _OPEN,
    "sign-out": _THRESHOLD,
    "second-factor": _THRESHOLD,
    "second-factor-setup": _THRESHOLD,
    # Its own token says who may.
    "metrics": _OPEN,
    "api": _OPEN,
    "todo": Access(EVERYBODY, shows_one_office=True),
    "take": _only(Role.DISKOMINFO, Role.TECHNICIAN),
    "kiosk": Access(
        frozenset({Role.DISKOMINFO, Role.VIEWER, Role.TECHNICIAN}), shows_one_office=True
    ),
    "devices": _only(Role.DISKOMINFO),
    "device": _only(Role.DISKOMINFO),
    "card": _only(Role.DISKOMINFO, Role.TECHNICIAN),
    "roll-out": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "roll-out-office": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "admin": _only(Role.DISKOMINFO),
    "visits": Access(OF_THE_DOORS, shows_one_office=True),
    "kiosks": Access(
        frozenset({Role.DISKOMINFO, Role.VIEWER, Role.TECHNICIAN}), shows_one_office=True
    ),
    "stick": _only(Role.DISKOMINFO, Role.TECHNICIAN),
    # Whoever has the token of a link, or stands at a door.
    "pass-page": _OPEN,
    "pass-claim": _OPEN,
    "pass-clock": _OPEN,
    "pass-worker": _OPEN,
    "pass-manifest": _OPEN,
    "visitor-registration": _OPEN,
    "phone-links": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "posters": _only(Role.DISKOMINFO, Role.TECHNICIAN),
    "poster": _only(Role.DISKOMINFO, Role.TECHNICIAN),
    "people": _only(Role.DISKOMINFO, Role.PERSONNEL, Role.TRACING),
    "people-import": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "people-issue": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "new-phone": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "passes": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "passes-export": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "pass": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "pass-revoke": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "pass-again": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "printing": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "card-file": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "site-cards": _only(Role.DISKOMINFO, Role.PERSONNEL),
    "rules": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "rulebook": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "rulebook-letter": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "rules-trial": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "draft": _only(Role.DISKOMINFO),
    "draft-new": _only(Role.DISKOMINFO),
    "draft-new-json": _only(Role.DISKOMINFO),
    "draft-edit": _only(Role.DISKOMINFO),
    "draft-edit-json": _only(Role.DISKOMINFO),
    "draft-decide": _only(Role.DISKOMINFO),
    "draft-attach": _only(Role.DISKOMINFO),
    "draft-letter": _only(Role.DISKOMINFO),
    "draft-try": _only(Role.DISKOMINFO),
    "attendance": _ATTENDANCE,
    "attendance-export": _ATTENDANCE,
    "attendance-calendar": _ATTENDANCE,
    "attendance-forget-day": _ATTENDANCE,
    "attendance-person": _ATTENDANCE,
    "attendance-withdraw": _ATTENDANCE,
    "look-ups": _only(Role.DISKOMINFO, Role.DPO),
    "privacy": _only(Role.DISKOMINFO, Role.DPO),
    "audit": _only(Role.DISKOMINFO, Role.DPO),
    "person-data": _only(Role.DPO),
    "person-file": _only(Role.DPO),
    "person-delete": _only(Role.DPO),
    "breaches": _only(Role.DISKOMINFO, Role.DPO),
    "breach": _only(Role.DISKOMINFO, Role.DPO),
    # Not even Diskominfo: who met whom is the health and disaster office's to know.
    "tracing": _only(Role.TRACING),
    "tracing-export": _only(Role.TRACING),
    "statistics": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    "statistics-export": Access(frozenset({Role.DISKOMINFO, Role.VIEWER}), shows_one_office=True),
    # Where the setting says that the public may.
    "public-statistics": _OPEN,
    "public-statistics-json": _OPEN,
}


def access_to(match: ResolverMatch) -> Access | None:
    return ACCESS.get(match.namespaces[0] if match.namespaces else match.url_name or "")


def has_proven(user: Operator) -> bool:
    """Say whether somebody who gave the password gave a second factor too, or needs none."""
    return bool(is_verified(user)) or not needs_second_factor(roles_of(user))


def operator_of(request: HttpRequest) -> Operator:
    """Return who has signed in: the table lets nobody else in."""
    if not isinstance(request.user, Operator):
        raise PermissionDenied
    return request.user


def office_of(request: HttpRequest) -> int | None:
    """Return the key of the one office that a page may show, None for all."""
    return operator_of(request).office_id


def may_open(user: Operator, access: Access) -> bool:
    if access.is_open or access.is_threshold:
        return True
    if user.office_id is not None and not access.shows_one_office:
        return False
    return bool(access.roles & roles_of(user))


class AccessControl:
    """Asks the table before every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponse],
        _args: Sequence[Any],
        _named: Mapping[str, Any],
    ) -> HttpResponse | None:
        match = request.resolver_match
        access = None if match is None else access_to(match)
        if access is None:
            logger.error("a URL has no row in sync.hub.web.access")
            raise PermissionDenied
        if access.is_open:
            return None
        user = request.user
        if not isinstance(user, Operator):
            return redirect_to_login(request.get_full_path())
        if access.is_threshold:
            return None
        if not has_proven(user):
            return redirect_to_login(request.get_full_path(), reverse("second-factor"))
        if not may_open(user, access):
            raise PermissionDenied
        return None


class _Pages:
    """In a template: `may.stick` says whether the link to that page is of use."""

    def __init__(self, user: Operator) -> None:
        self._user = user

    def __getitem__(self, name: str) -> bool:
        access = ACCESS.get(name.replace("_", "-"))
        return access is not None and may_open(self._user, access)


def pages(request: HttpRequest) -> dict[str, object]:
    """Give templates `may`, and nothing to whoever has not signed in with all that is needed."""
    user = getattr(request, "user", None)
    if not isinstance(user, Operator) or not has_proven(user):
        return {}
    return {"may": _Pages(user)}
