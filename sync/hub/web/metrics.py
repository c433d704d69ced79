"""`/metrics`, for Prometheus: with the token in the hub's directory, or not at all."""

import hmac

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from sync.hub import installation
from sync.hub.fleet.metrics import exposition
from sync.hub.home import read_private

TOKEN_FILE = "metrics.token"  # noqa: S105
_LEAST_CHARACTERS = 20


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Where nobody has made a token there is no such page: doors and offices are named here."""
    path = installation.home().path / TOKEN_FILE
    if not path.exists():
        raise Http404
    token = read_private(path).strip()
    if len(token) < _LEAST_CHARACTERS:
        raise Http404
    given = request.headers.get("Authorization", "").encode(errors="replace")
    if not hmac.compare_digest(given, b"Bearer " + token):
        refusal = HttpResponse("a token is needed\n", content_type="text/plain", status=401)
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
