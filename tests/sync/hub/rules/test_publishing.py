import json

import pytest

from kiosk.admission.rulebook_document import parse_rulebook
from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from sync.hub.errors import CommandFault
from sync.hub.rules.models import Rulebook
from sync.hub.rules.publishing import DEFAULT, publish, publish_default
from tests.sync.hub.conftest import NOW


def test_the_default_rulebook_says_what_the_manual_says() -> None:
    """Visitors and officers in; everybody else to the officer."""
    found = {
        pass_type: rule.outcome
        for rule in parse_rulebook(DEFAULT.read_bytes()).rules
        for pass_type in rule.types
    }
    assert found == {
        PassType.VISITOR: Outcome.ADMIT,
        PassType.OFFICER: Outcome.ADMIT,
        PassType.EMPLOYEE: Outcome.REFER,
        PassType.SITE_CARD: Outcome.REFER,
        PassType.CERTIFICATE: Outcome.REFER,
        PassType.ROSTER: Outcome.REFER,
        PassType.NATIONAL: Outcome.REFER,
    }


def test_the_default_is_published_once() -> None:
    """It never replaces what an office has published."""
    publish_default(NOW)
    publish_default(NOW)
    assert Rulebook.objects.get().document == DEFAULT.read_bytes()


def test_a_version_rises() -> None:
    """Doors cannot tell two rulebooks of one version apart."""
    publish_default(NOW)
    with pytest.raises(CommandFault, match="greater than 1"):
        publish(DEFAULT.read_bytes(), NOW)


def test_a_day_that_no_calendar_has_everywhere_is_a_fault() -> None:
    """The hub keeps times in UTC, where this one lies before the first year."""
    content = json.loads(DEFAULT.read_text()) | {"effective_from": "0001-01-01T00:00:00+07:00"}
    with pytest.raises(CommandFault, match="effective_from"):
        publish(json.dumps(content).encode(), NOW)


def test_all_faults_are_told_at_once() -> None:
    """Whoever writes a rulebook mends it in one go."""
    content = json.loads(DEFAULT.read_text()) | {"version": 0, "letter": "", "trial": "no"}
    with pytest.raises(CommandFault, match=r"version.*letter.*trial"):
        publish(json.dumps(content).encode(), NOW)
    assert Rulebook.objects.count() == 0
