"""`gapura-hub change-user`: another role or office, a lost phone, somebody who has left."""

from argparse import ArgumentParser, Namespace

from axes.utils import reset
from django.db import transaction

from sync.hub.commands.create_user import office_named
from sync.hub.commands.output import offer_json, say
from sync.hub.errors import CommandFault
from sync.hub.privacy.actor import operator_name
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web import second_factor
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role, give_role, roles_of


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="what the person signs in with")
    parser.add_argument("--role", choices=[role.value for role in Role], help="their only role")
    offices = parser.add_mutually_exclusive_group()
    offices.add_argument("--office", metavar="NAME", help="the one office that they see")
    offices.add_argument("--all-offices", action="store_true", help="they see every office")
    parser.add_argument(
        "--forget-phone",
        action="store_true",
        help="forget app and backup codes: the next sign-in sets up new ones",
    )
    parser.add_argument(
        "--unlock", action="store_true", help="forget wrong passwords: no need to wait"
    )
    standing = parser.add_mutually_exclusive_group()
    standing.add_argument("--stop", action="store_true", help="they can no longer sign in")
    standing.add_argument("--resume", action="store_true", help="they can sign in again")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    with transaction.atomic():
        operator = _find(arguments.name)
        if arguments.office is not None or arguments.all_offices:
            operator.office = office_named(arguments.office)
        if arguments.stop or arguments.resume:
            operator.is_active = bool(arguments.resume)
        operator.save()
        if arguments.role is not None:
            give_role(operator, Role(arguments.role))
        if arguments.forget_phone:
            second_factor.forget(operator)
        if arguments.unlock:
            reset(username=operator.username)
        note(
            Event.ACCOUNT,
            {
                "of": operator_name(operator.pk),
                "is_active": operator.is_active,
                "forgot_phone": arguments.forget_phone,
                "sees_one_office": operator.office is not None,
            },
        )
    content = {
        "user": operator.username,
        "roles": sorted(roles_of(operator)),
        "office": None if operator.office is None else operator.office.name,
        "active": operator.is_active,
    }
    seen = "every office" if operator.office is None else operator.office.name
    state = ", ".join(sorted(roles_of(operator))) if operator.is_active else "cannot sign in"
    say([f"{operator.username}: {state}; sees {seen}."], content, as_json=arguments.json)


def _find(name: str) -> Operator:
    try:
        return Operator.objects.select_for_update(of=("self",)).get(username=name)
    except Operator.DoesNotExist as error:
        raise CommandFault(f"there is nobody who signs in as {name!r}") from error
