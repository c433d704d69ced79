from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok

from sync.hub.attendance.passing import catch_up
from sync.hub.attendance.tokens import Scope, make_token
from sync.hub.wsgi import application
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.conftest import NOW

_EXAMPLES = 20


@pytest.mark.usefixtures("committing")
def test_every_answer_is_announced() -> None:
    """Whatever is sent, the answer is one that the OpenAPI document has, and never a fault.

    With a token that opens all; schemathesis also asks without one, and with a wrong one.
    """
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    epoch.see(siti, Direction.IN, at("8:00"), 400_000)
    catch_up()
    _row, text = make_token("contract", Scope.ATTENDANCE, None, NOW, timedelta(days=30))
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    assert {one.path for one in operations} == {"/api/v1/attendance", "/api/v1/people"}

    for operation in operations:

        @settings(
            max_examples=_EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Case[Any]) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {text}"})

        ask()
