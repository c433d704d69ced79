"""Rounds what is published, so that nothing tells of few people. Pure.

Each count of an hour, a site, an outcome and a reason is a multiple of five: the next one below or
the next one above, by chance, the nearer the likelier, so that sums are right on average. The
chance is drawn once for each by a key: asked again, it is the same. Whatever else is published is
a sum of these, so that no sum tells more than they do, however many are held against each other:
one that is 0 stands for 0 to 4 people, one that is 5 for 1 to 9.
"""

import hashlib
import hmac

STEP = 5
FEW = f"<{STEP}"


def rounded(count: int, about: str, key: bytes) -> int:
    """`about` names what is counted; two of the same name are drawn alike."""
    drawn = hmac.new(key, f"figures\n{about}".encode(), hashlib.sha256).digest()
    chance = int.from_bytes(drawn[:8]) % STEP
    rest = count % STEP
    return count - rest + (STEP if rest > chance else 0)


def as_published(figure: int) -> str:
    """Whether nobody came or a few is not told."""
    return str(figure) if figure else FEW
