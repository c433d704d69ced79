"""Records what Django tells of by signals: signing in."""

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from sync.hub.privacy.actor import acting, operator_name
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.models import Operator


def listen() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="sync.hub.privacy.signed_in")
    user_login_failed.connect(_failed, dispatch_uid="sync.hub.privacy.failed")


def _signed_in(user: Operator, **_rest: object) -> None:
    with acting(operator_name(user.pk)):
        note(Event.SIGN_IN)


def _failed(request: HttpRequest | None = None, **_rest: object) -> None:
    """What was typed in as a name may be a password."""
    note(Event.SIGN_IN_FAILED)
