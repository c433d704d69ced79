"""Whether the door knows the rules that it is to apply."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from kiosk.reference.reference import Reference
from kiosk.standing import Stage
from sync.wire.batch import State


class ReferenceCheck:
    def __init__(
        self, stage: Callable[[], Stage], reference: Callable[[], Reference | None]
    ) -> None:
        self._stage = stage
        self._reference = reference

    def find(self) -> Finding:
        stage, reference = self._stage(), self._reference()
        if reference is not None:
            said = f"bundle {reference.version} for {reference.label}"
            return Finding("bundle_version", State.OK, said, value=reference.version)
        if stage is Stage.UNKNOWN:
            said, advice = "the kiosk belongs to no hub", "show it an enrolment card"
        elif stage is Stage.ASKING:
            said = "the hub has not answered the request to be enrolled"
            advice = "check the network, and whether the hub has approved this kiosk"
        else:
            said = "the reference is lost"
            advice = "give the kiosk a network: the hub sends it again"
        return Finding("bundle_version", State.BAD, said, advice)
