"""Records what Django tells of by signals: signing in and out."""

from collections.abc import Mapping

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from sync.hub.privacy.actor import acting, operator_name
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.models import Operator


def listen() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="sync.hub.privacy.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="sync.hub.privacy.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="sync.hub.privacy.failed")


def _signed_in(user: Operator, **_rest: object) -> None:
    with acting(operator_name(user.pk)):
        note(Event.SIGN_IN)


def _signed_out(user: Operator | None, **_rest: object) -> None:
    """A session that had ended by itself was nobody's any more."""
    if user is not None:
        with acting(operator_name(user.pk)):
            note(Event.SIGN_OUT)


def _failed(
    credentials: Mapping[str, object], request: HttpRequest | None = None, **_rest: object
) -> None:
    """What was typed in as a name may be a password: only whose account it is is recorded."""
    typed = str(credentials.get("username", ""))
    key = Operator.objects.filter(username=typed).values_list("pk", flat=True).first()
    note(Event.SIGN_IN_FAILED, {"of": "unknown" if key is None else operator_name(key)})
