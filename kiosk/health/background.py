"""What the camera sees when nobody is before it, learned while all is still."""

from kiosk.health.picture import Picture, Structure, likeness

LEARNED_AFTER_MS = 20_000
"""A visitor with a phone does not keep still for so long."""

ACCEPTED_AFTER_MS = 3_600_000
"""Another view has by then been reported long enough; it is where the camera hangs now."""

# Daylight moves shadows in minutes, and is followed; a turned camera changes all at once.
_FOLLOWS_FROM = 0.7
_NEW_WEIGHT = 1 / 64


class Background:
    def __init__(self) -> None:
        self._structure: Structure | None = None
        self._other_since_ms: int | None = None

    def likeness(self, picture: Picture) -> float | None:
        """Return how like the background a picture is, as `likeness` does; None: not known yet."""
        if self._structure is None:
            return None
        return likeness(self._structure, picture.structure)

    def learn(self, picture: Picture, still_since_ms: int, boot_ms: int) -> None:
        """Take in a picture in which nothing moves."""
        like = self.likeness(picture)
        if like is None or self._structure is None:
            if boot_ms - still_since_ms >= LEARNED_AFTER_MS:
                self._take(picture)
        elif like >= _FOLLOWS_FROM:
            self._other_since_ms = None
            self._structure += _NEW_WEIGHT * (picture.structure - self._structure)

    def is_accepted(self, picture: Picture, boot_ms: int) -> bool:
        """Say whether another view has lasted so long that it is the background from now on."""
        if self._other_since_ms is None:
            self._other_since_ms = boot_ms
        if boot_ms - self._other_since_ms < ACCEPTED_AFTER_MS:
            return False
        self._take(picture)
        return True

    def _take(self, picture: Picture) -> None:
        self._structure = picture.structure.copy()
        self._other_since_ms = None
