"""What the lamp means, in words: one text for every signal and every reason."""

import gettext
from functools import cache
from pathlib import Path

from kiosk.passes.reason import Reason
from kiosk.signalling.cue import Signal

LANGUAGES = ("id", "en")
_LOCALES = Path(__file__).parent / "locale"


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is shown."""
    return text


SIGNALS: dict[Signal, str] = {
    Signal.READY: _("Ready: hold up your code"),
    Signal.ADMIT: _("Please come in"),
    Signal.DENY: _("No entry with this code"),
    Signal.REFER_IDENTITY: _("Officer, please: check this person's identity"),
    Signal.REFER_OTHER_CODE: _("Officer, please: ask for another code"),
    Signal.REFER_UNSURE: _("Officer, please: the kiosk itself is unsure"),
    Signal.SEEN_ALREADY: _("This code was read just now"),
    Signal.CARD_TAKEN: _("The enrolment card has been read"),
    Signal.CARD_PART: _("A part of the enrolment card has been read: show the others"),
    Signal.ASSISTED: _("Let in by the officer"),
    Signal.PRESS_IGNORED: _("The button does nothing now"),
    Signal.OUT_OF_ORDER: _("Out of order: please register with the officer"),
    Signal.FAULT_CONFIGURATION: _("Technician: 1, configuration. Show the enrolment card"),
    Signal.FAULT_NETWORK: _("Technician: 2, network. Check the WiFi or the cable"),
    Signal.FAULT_HUB: _("Technician: 3, hub. Waiting for the hub's answer"),
    Signal.FAULT_CLOCK: _("Technician: 4, clock. The time is not known yet"),
    Signal.FAULT_CAMERA: _("Technician: 5, camera. Check lens and cable"),
    Signal.FAULT_STORAGE: _("Technician: 6, storage. Replace the card, keep the old one"),
    Signal.STICK_BUSY: _("USB stick: busy, do not pull it out"),
    Signal.STICK_DONE: _("USB stick: done, it may be pulled out"),
    Signal.STICK_FULL: _("USB stick: full. Bring it to the hub, or make room on it"),
    Signal.STICK_READ_ONLY: _("USB stick: read only. What it brought is taken, nothing is on it"),
    Signal.STICK_FAULT: _("USB stick: faulty. Try again, or take another"),
    Signal.OFF: _("Off"),
}

REASONS: dict[Reason, str] = {
    Reason.ALLOWED: _("the pass is valid"),
    Reason.NOT_A_PASS: _("this is not a pass"),
    Reason.TOO_LONG: _("this code is longer than any pass"),
    Reason.BAD_ENCODING: _("the code is damaged"),
    Reason.BAD_STRUCTURE: _("the code is damaged or made up"),
    Reason.UNKNOWN_KEY: _("this pass was not issued by this regency"),
    Reason.BAD_SIGNATURE: _("the signature is false"),
    Reason.BAD_CLAIMS: _("the content of the pass cannot be used"),
    Reason.KEY_NOT_IN_FORCE: _("the pass was signed with a key that is not in force"),
    Reason.REVOKED: _("the pass has been withdrawn"),
    Reason.EXPIRED: _("the pass has expired"),
    Reason.NOT_YET_VALID: _("the pass is not valid yet"),
    Reason.TIME_UNCERTAIN: _("this kiosk does not know the time well enough"),
    Reason.WRONG_DOOR: _("the pass is for another door"),
    Reason.WRONG_UNIT: _("the pass is for another office"),
    Reason.WRONG_DAY: _("the pass is for other days"),
    Reason.OUTSIDE_HOURS: _("the pass is for other hours"),
    Reason.USED_TODAY: _("the card has been used today"),
    Reason.FULL: _("the building is full"),
    Reason.STALE_RULEBOOK: _("the kiosk has not heard from the hub for too long"),
    Reason.BAD_HOLDER_SIGNATURE: _("the code does not come from the phone of the pass"),
    Reason.CODE_TOO_OLD: _("the code is of another time: open the pass anew"),
    Reason.CODE_SEEN: _("the code has been used: wait for the next one"),
    Reason.NOT_ON_ROSTER: _("the number is not known here"),
    Reason.ALREADY_INSIDE: _("the pass is already inside"),
    Reason.NOT_ALLOWED: _("the rules do not provide for this kind of pass here"),
    Reason.RULE_DENIES: _("the rules keep this kind of pass out here"),
    Reason.RULE_REFERS: _("the rules ask the officer to look at this kind of pass"),
    Reason.NO_RULEBOOK: _("no rulebook is in force at this door"),
    Reason.BAD_COMPRESSION: _("the health certificate is damaged"),
    Reason.BAD_CERTIFICATE: _("the content of the health certificate cannot be used"),
    Reason.SIGNER_USAGE: _("the signer may not issue this kind of health certificate"),
}


@cache
def _translation(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        "gapura", localedir=_LOCALES, languages=[language], fallback=language == "en"
    )


def caption(signal: Signal, reason: Reason | None, languages: tuple[str, ...]) -> str:
    """Say what the lamp means, and why, in each of the languages in turn."""
    return " / ".join(_in_one(signal, reason, language) for language in languages)


def in_words(reason: Reason, language: str) -> str:
    """Say a reason in one language."""
    return _translation(language).gettext(REASONS[reason])


def _in_one(signal: Signal, reason: Reason | None, language: str) -> str:
    translate = _translation(language).gettext
    if reason is None:
        return translate(SIGNALS[signal])
    return f"{translate(SIGNALS[signal])}: {translate(REASONS[reason])}"
