"""People who have signed in, each with all that their role needs."""

from django.contrib.auth.models import Group
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from sync.hub.fleet.models import Office
from sync.hub.web.models import Operator
from sync.hub.web.roles import WITHOUT_SECOND_FACTOR, Role, give_role

PASSWORD = "sebuah-kata-sandi"


def an_operator(role: Role, office: Office | None = None, name: str = "") -> Operator:
    Group.objects.get_or_create(name=role)
    operator = Operator.objects.create_user(name or role.value, password=PASSWORD, office=office)
    give_role(operator, role)
    return operator


def give_app(operator: Operator) -> TOTPDevice:
    """Have them set up an app that makes codes, at some time before."""
    return TOTPDevice.objects.create(user=operator, name="app", confirmed=True)


def sign_in(client: Client, operator: Operator, *, with_code: bool | None = None) -> None:
    """With a code where the operator's role needs one, unless said otherwise."""
    client.force_login(operator)
    groups = set(operator.groups.values_list("name", flat=True))
    needs_code = not groups <= set(WITHOUT_SECOND_FACTOR)
    if needs_code if with_code is None else with_code:
        device = TOTPDevice.objects.filter(user=operator).first() or give_app(operator)
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
