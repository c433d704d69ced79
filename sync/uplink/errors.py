"""What keeps the courier from its errand.

UplinkError
├── DoorAway        the door's socket is not there, or does not answer
├── HubAway         the network, or the hub, or what answers in its place; try again later
│   ├── NoNetwork   there is no way out of this machine
│   ├── Portal      a page of the network's stands before the hub
│   ├── Stranger    somebody else's certificate
│   └── OutOfDate   the hub's certificate, at the time that the door knows
├── HubRefuses      the hub does not want to hear from this kiosk: stop sending
├── TooMuch         the hub wants smaller batches
└── StickFault      the stick was pulled out, or fails
    ├── StickFull       nothing more goes onto it
    └── StickReadOnly   nothing goes onto it at all
"""

from collections.abc import Sequence

from sync.wire.envelope import Envelope


class UplinkError(Exception):
    """Nothing is lost: what was to be carried is still with the door.

    `state` is what sync.json calls it, `advice` what a person may do about it.
    """

    state = "trouble"
    advice = "read the log: journalctl -u gapura-sync"


class DoorAway(UplinkError):
    """The door cannot be reached."""

    state = "door-away"
    advice = "see that gapura-kiosk runs: systemctl status gapura-kiosk"


class HubAway(UplinkError):
    """The hub cannot be reached now.

    `wait_s` is what it asked for, None where it did not; `brought` what had come down whole
    before the line broke.
    """

    state = "hub-away"
    advice = "nothing, if the network or the hub is known to be away; else see to the network"

    def __init__(
        self, message: str, *, wait_s: float | None = None, brought: Sequence[Envelope] = ()
    ) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.brought = tuple(brought)


class NoNetwork(HubAway):
    """Neither WiFi nor cable leads anywhere."""

    state = "no-network"
    advice = "check the WiFi or the cable, or show the kiosk a card with another WiFi"


class Portal(HubAway):
    """A network that wants a sign-in, or a payment, before it lets anything through."""

    state = "portal"
    advice = "sign in to this WiFi with a phone, have the kiosk let through, or take another"


class Stranger(HubAway):
    """What answers under the hub's name has not got a certificate of the hub's."""

    state = "stranger"
    advice = (
        "try another network: this one puts itself between; if it is so in all of them, the hub's "
        "certificate was changed: see its page, and make a new enrolment card"
    )


class OutOfDate(HubAway):
    """The hub's certificate is over, or not yet begun."""

    state = "out-of-date"
    advice = "renew the certificate at the hub: gapura-hub create-certificate"


class HubRefuses(UplinkError):
    """The hub has revoked this kiosk, or does not know it."""

    state = "refused"
    advice = "see the kiosk's page at the hub; where it shall go on, show it a new enrolment card"


class TooMuch(UplinkError):
    """A batch was larger than the hub takes."""


class StickFault(UplinkError):
    """The stick cannot be used: most often it was pulled out."""

    state = "stick-faulty"
    advice = "put the stick in again, or take another one"


class StickFull(StickFault):
    """There is no room, but for what is left free."""

    state = "stick-full"
    advice = "bring the stick to the hub, or take a larger one"


class StickReadOnly(StickFault):
    """A switch on the stick, or a file system that had errors."""

    state = "stick-read-only"
    advice = "move the switch on the stick, or check its file system on a computer"
