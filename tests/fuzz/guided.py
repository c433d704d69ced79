"""A coverage-guided search for bad codes, with atheris; it needs that package, which only
`script/test-long` looks for.

    python -m tests.fuzz.guided CORPUS [-runs=N and other options of libFuzzer]

Here only exceptions and false admissions count: the instrumentation costs time of its own.
`tests.fuzz.campaign --replay CORPUS` then holds all that was found worth keeping to the limits.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

# Longer ones are refused for their length alone.
_MOST_BYTES = 2048


def main(argv: Sequence[str]) -> int:
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["kiosk.passes", "sync.wire"]):
        campaign = import_module("tests.fuzz.campaign")
    corpus = Path(argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, target in enumerate(campaign.TARGETS):
        (corpus / f"valid-{number}").write_bytes(bytes([number]) + target.content)
    options = [argv[0], str(corpus), f"-max_len={_MOST_BYTES}", "-len_control=0", *argv[2:]]
    atheris.Setup(options, _look(campaign), custom_mutator=_mutator(campaign, atheris))
    atheris.Fuzz()
    return 0


def _look(campaign: Any) -> Callable[[bytes], None]:
    judging: Any = import_module("tests.fuzz.judging")
    judging.MOST_CPU_S = float("inf")

    def look(data: bytes) -> None:
        target = campaign.choose(data)
        allowed = None if target.is_signed else campaign.ALLOWED
        judging.judge(target.code(data[1:]), allowed)

    return look


def _mutator(campaign: Any, atheris: Any) -> Callable[[bytes, int, int], bytes]:
    """Bend by turns as libFuzzer does, which learns, and as we do, who know the formats."""

    def bend(data: bytes, most_bytes: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < 0.5:
            # Fetched anew: the one from before `Fuzz` refuses to work.
            bent: bytes = atheris.Mutate(data, most_bytes)
            return bent
        bent = data[:1] + campaign.bend(data[1:], chance, campaign.CONTENTS)
        return bent[:most_bytes]

    return bend


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main(sys.argv))
