"""What people do at the hub. A role is a group of that name, and its permissions are those here."""

from collections.abc import Mapping
from enum import StrEnum

from django.apps.config import AppConfig
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import transaction

from sync.hub.privacy.actor import operator_name
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.models import Operator

User = AbstractBaseUser | AnonymousUser


class Role(StrEnum):
    """The values are the names of groups and of what `create-user --role` takes."""

    DISKOMINFO = "diskominfo"
    VIEWER = "viewer"
    PERSONNEL = "personnel"
    TRACING = "tracing"
    TECHNICIAN = "technician"
    DPO = "dpo"


EVERYBODY = frozenset(Role)
# The data-protection officer sees who was looked up, and neither visits nor kiosks.
OF_THE_DOORS = EVERYBODY - {Role.DPO}
# Who sees nothing but figures and doors signs in with a password alone.
WITHOUT_SECOND_FACTOR = frozenset({Role.VIEWER})
SEES_NAMES = frozenset({Role.DISKOMINFO, Role.PERSONNEL, Role.TRACING})

_ALL = ("add", "change", "delete", "view")
_LOOK = ("view",)
# By app: what a role may do to its tables through forms and the admin.
_PERMISSIONS: Mapping[Role, Mapping[str, tuple[str, ...]]] = {
    Role.DISKOMINFO: {"fleet": _ALL, "health": _ALL, "people": _LOOK, "rules": _LOOK},
    Role.VIEWER: {},
    Role.PERSONNEL: {"people": _LOOK},
    Role.TRACING: {"people": _LOOK},
    Role.TECHNICIAN: {"fleet": _LOOK, "health": _LOOK},
    Role.DPO: {},
}


_APPS = {"web"}.union(*_PERMISSIONS.values())


def roles_of(user: User) -> frozenset[Role]:
    """Return the roles of somebody who may sign in, asked of the database once a request."""
    if not isinstance(user, Operator) or not user.is_active:
        return frozenset()
    known: frozenset[Role] | None = getattr(user, "known_roles", None)
    if known is None:
        names = user.groups.filter(name__in=list(Role)).values_list("name", flat=True)
        known = frozenset(Role(name) for name in names)
        user.known_roles = known  # type: ignore[attr-defined]
    return known


def needs_second_factor(roles: frozenset[Role]) -> bool:
    return not roles <= WITHOUT_SECOND_FACTOR


def give_role(operator: Operator, role: Role) -> None:
    """Make it the only one, and let none but Diskominfo into the admin."""
    operator.groups.set([Group.objects.get(name=role)])
    operator.is_staff = role is Role.DISKOMINFO
    operator.save(update_fields=["is_staff"])
    vars(operator).pop("known_roles", None)
    note(Event.ROLE, {"of": operator_name(operator.pk), "role": role.value})


def write_roles(app_config: AppConfig, using: str, **_rest: object) -> None:
    """Bring groups and their permissions for one app's tables into agreement with this module.

    After every migration of the app, for its permissions are not there before.
    """
    if app_config.label not in _APPS:
        return
    create_permissions(app_config, verbosity=0, interactive=False, using=using)
    of_app = Permission.objects.using(using).filter(content_type__app_label=app_config.label)
    with transaction.atomic(using=using):
        for role in Role:
            group, _made = Group.objects.using(using).get_or_create(name=role)
            actions = _PERMISSIONS[role].get(app_config.label, ())
            given = {one.pk for one in of_app if one.codename.partition("_")[0] in actions}
            held = group.permissions.filter(content_type__app_label=app_config.label)
            kept = {one.pk for one in held}
            group.permissions.remove(*(kept - given))
            group.permissions.add(*(given - kept))
