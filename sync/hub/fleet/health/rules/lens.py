"""A camera that sees nothing that could be read: one rule for each reason."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import (
    UNKNOWN,
    WELL,
    Judgement,
    Rule,
    Word,
    critical,
    warning,
)
from sync.wire.batch import State

_BAD_FOR = timedelta(minutes=30)


def _judging(name: str, *, is_blind: bool) -> Callable[[Facts], Judgement]:
    def judge(facts: Facts) -> Judgement:
        told = facts.reading(name)
        if told is None:
            return UNKNOWN
        if told.state is not State.BAD:
            return WELL
        return critical() if is_blind else warning()

    return judge


def _rule(name: str, said: Word, todo: Word, *, is_blind: bool = False) -> Rule:
    judge = _judging(name, is_blind=is_blind)
    return Rule(name=name, said=said, todo=todo, judge=judge, bad_for=_BAD_FOR)


RULES = (
    _rule(
        "lens_frozen",
        _("The picture stands still"),
        _("Unplug the camera and plug it in again; if it happens often, replace it."),
        is_blind=True,
    ),
    _rule(
        "lens_blocked",
        _("The picture is one even area"),
        _("Take off what covers the lens, or turn the camera to where visitors stand."),
        is_blind=True,
    ),
    _rule(
        "lens_dark",
        _("The picture is dark"),
        _("Put on the light or uncover the lens; with the lights out at night all is well."),
    ),
    _rule(
        "lens_overexposed",
        _("The picture is white with light"),
        _("Turn the camera away from the sun or the lamp, or shade it."),
    ),
    _rule(
        "lens_blurred",
        _("The picture is blurred"),
        _("Clean the lens, then focus it with gapura-kiosk aim."),
    ),
    _rule(
        "lens_moved",
        _("The camera sees another place than before"),
        _("See that the camera is fixed and points at the visitors: gapura-kiosk aim."),
    ),
)
