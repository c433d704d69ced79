"""What is said of rulebooks has its Indonesian words; nothing is left in English."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

import kiosk.admission
from kiosk.admission.rulebook import Kept, Way
from kiosk.admission.rulebook_document import DAYS, TYPES
from kiosk.passes.certificate import Kind
from sync.hub.errors import Snag
from sync.hub.fleet.models import SiteKind
from sync.hub.rules.rejudging import Unknown
from sync.hub.web.rules.telling import SNAGS, UNKNOWN, told

_FAULTS = (
    "rules[0].must be an object",
    "rules[1].types: must name some",
    "rules[1].days: must name some, or be left out",
    "a key twice among ['a']",
    "rules[0].unknown keys: ['x']",
    "version: must be greater than 3, which is published already",
    "days: ['x'] is not among ['y']",
    "rules: must be a list of at most 500",
    "a rulebook has at most 262144 bytes, this has 300000",
    "not JSON: Expecting value: line 1 column 2 (char 1)",
    "not JSON: maximum recursion depth exceeded",
)


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_is_told_in_the_language_of_the_page(fault: str) -> None:
    with translation.override("id"):
        said = told([fault])[0]
    assert said != fault
    assert "must" not in said


def test_a_fault_keeps_its_place_and_figures() -> None:
    with translation.override("id"):
        said = told(["rules[2].units: must be a list of numbers from 0 to 65535"])
    assert said == ["rules[2].units: harus daftar bilangan dari 0 sampai 65535"]


def test_every_snag_and_gap_has_its_words() -> None:
    assert set(SNAGS) == set(Snag)
    assert set(UNKNOWN) == set(Unknown)
    for text in (*SNAGS.values(), *UNKNOWN.values()):
        with translation.override("id"):
            assert translation.gettext(text) != text


def test_every_word_of_a_difference_has_its_translation() -> None:
    """Those that stand in the sources, and the names of what a rulebook may say."""
    texts = {text for name in ("wording", "difference") for text in _said_in(name)}
    texts |= {*DAYS, *TYPES, *SiteKind.values}
    texts |= {one.value for one in (*Kept, *Way)} | {kind.name.lower() for kind in Kind}
    assert len(texts) > 80
    with translation.override("id"):
        assert {text for text in texts if translation.gettext(text) == text} == set()


def _said_in(module: str) -> set[str]:
    """Return the texts of a module that are words; docstrings and separators are none."""
    source = (Path(kiosk.admission.__file__).parent / f"{module}.py").read_text()
    tree = ast.parse(source)
    said = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    docstrings = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    fixed = {"minutes", ", ", "; ", ": ", "-", " "}
    return said - docstrings - fixed
