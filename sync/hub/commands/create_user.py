"""`gapura-hub create-user`: somebody who may look at the pages."""

import os
import secrets
import sys
from argparse import ArgumentParser, Namespace

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from sync.hub.commands.output import offer_json, say
from sync.hub.errors import CommandFault
from sync.hub.fleet.models import Office
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role, give_role

PASSWORD_VARIABLE = "GAPURA_HUB_PASSWORD"  # noqa: S105


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="what the person signs in with")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help=f"read the password from standard input (else from {PASSWORD_VARIABLE}, "
        "else one is made and printed once)",
    )
    parser.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=Role.VIEWER.value,
        help="what the person does (%(default)s)",
    )
    parser.add_argument("--office", metavar="NAME", help="the one office that they see (all)")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    given = _given_password(from_stdin=arguments.password_stdin)
    operator = Operator(username=arguments.name, office=office_named(arguments.office))
    _check(operator, given)
    password = secrets.token_urlsafe(12) if given is None else given
    operator.set_password(password)
    with transaction.atomic():
        operator.save()
        give_role(operator, Role(arguments.role))
    lines = [f"{arguments.name} can sign in as {arguments.role}."]
    if given is None:
        lines.append(f"Password, shown this once: {password}")
    content = {
        "user": arguments.name,
        "role": arguments.role,
        "password": password if given is None else None,
    }
    say(lines, content, as_json=arguments.json)


def office_named(name: str | None) -> Office | None:
    """Raises CommandFault where there is no office of that name."""
    if name is None:
        return None
    try:
        return Office.objects.get(name=name)
    except Office.DoesNotExist as error:
        raise CommandFault(f"there is no office {name!r}") from error


def _given_password(*, from_stdin: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return os.environ.get(PASSWORD_VARIABLE)


def _check(operator: Operator, given: str | None) -> None:
    with translation.override("en"):
        try:
            operator.clean_fields(exclude=["password"])
            operator.validate_unique()
            if given is not None:
                validate_password(given, operator)
        except ValidationError as error:
            raise CommandFault(" ".join(error.messages)) from error
