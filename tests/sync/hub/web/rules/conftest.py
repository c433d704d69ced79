"""Somebody of Diskominfo at a hub that has its first rulebook."""

import pytest
from django.test import Client

from sync.hub.rules.publishing import publish_default
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator, sign_in


@pytest.fixture
def one() -> Operator:
    publish_default(NOW)
    return an_operator(Role.DISKOMINFO, name="satu")


@pytest.fixture
def signed_in(client: Client, one: Operator) -> Client:
    sign_in(client, one)
    return client
