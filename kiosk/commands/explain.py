"""`gapura-kiosk explain`: what a code is, which stages it passes, and which rule decides."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from kiosk.commands.explain_question import QuestionFault, read_question
from kiosk.commands.explanation import Explanation, explain
from kiosk.errors import ConfigurationError
from kiosk.passes.reason import Reason
from kiosk.signalling.words import LANGUAGES, in_words

_HINT = "see `gapura-kiosk explain --help` and docs/reference/explain.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "payload", nargs="?", help="the text of the code; - or none: standard input"
    )
    parser.add_argument("--at", metavar="TIME", help="judge at this time, UTC without offset (now)")
    parser.add_argument("--rulebook", type=Path, help="a rulebook's JSON document")
    parser.add_argument(
        "--keys", type=Path, help="JSON list of {kid, public, not_before, not_after}"
    )
    parser.add_argument(
        "--signers", type=Path, nargs="*", default=[], help="HC1 signers, DER files"
    )
    parser.add_argument("--direction", choices=("entry", "exit", "both"), default="entry")
    parser.add_argument("--unit", type=int, help="number of the door's office (none)")
    parser.add_argument("--door", type=int, help="the door's bit in a pass's mask, 0 to 31 (0)")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line, in and out")


def run(arguments: argparse.Namespace) -> int:
    """Explain. 0: everything was judged, whatever the judgement; 1: a line was not a question.

    Raises:
        ConfigurationError: an argument cannot be used.
    """
    if arguments.jsonl:
        return _answer_lines(_lines(arguments.payload), sys.stdout)
    try:
        question = read_question(_one(arguments))
    except QuestionFault as fault:
        raise ConfigurationError(str(fault), hint=_HINT) from fault
    print("\n".join(_as_text(explain(question))))
    return 0


def _answer_lines(lines: Iterator[bytes], output: IO[str]) -> int:
    worst = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            question = read_question(_object(line))
        except QuestionFault as fault:
            worst = 1
            print(f"gapura-kiosk: {fault}\n  -> {_HINT}", file=sys.stderr)
            answer: dict[str, Any] = {"id": fault.question_id, "error": str(fault)}
        else:
            answer = {"id": question.id, **_as_json(explain(question))}
        print(json.dumps(answer), file=output, flush=True)
    return worst


def _object(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionFault(f"not a line of JSON: {error}") from error


def _lines(named: str | None) -> Iterator[bytes]:
    if named is None or named == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(named).open("rb") as file:
            yield from file
    except OSError as error:
        raise ConfigurationError(f"{named} cannot be read: {error}", hint=_HINT) from error


def _one(arguments: argparse.Namespace) -> dict[str, Any]:
    payload = arguments.payload
    if payload is None or payload == "-":
        payload = sys.stdin.buffer.read().decode(errors="surrogateescape").rstrip("\r\n")
    question: dict[str, Any] = {
        "id": "",
        "payload": payload,
        "at": arguments.at or datetime.now().astimezone().isoformat(),
        "direction": arguments.direction,
        "unit": arguments.unit,
        "door": arguments.door,
    }
    try:
        if arguments.rulebook is not None:
            question["rulebook"] = str(arguments.rulebook)
        if arguments.keys is not None:
            question["native_keys"] = json.loads(arguments.keys.read_text())
        if arguments.signers:
            question["hc1_certificates"] = [file.read_bytes() for file in arguments.signers]
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"a file cannot be read: {error}", hint=_HINT) from error
    return question


def _as_json(explanation: Explanation) -> dict[str, Any]:
    verdict = explanation.verdict
    return {
        "valid": explanation.valid,
        "reason": explanation.reason.name,
        "format": explanation.format.name,
        "stages": {name: state.value for name, state in explanation.stages.items()},
        "verdict": None if verdict is None else verdict.shown.name,
        "verdict_reason": None if verdict is None else verdict.reason.name,
        "rule": explanation.rule,
        "notes": list(explanation.notes),
    }


def _as_text(explanation: Explanation) -> Iterator[str]:
    yield f"format:  {explanation.format.name}"
    for name, state in explanation.stages.items():
        yield f"  {name:16} {state.value}"
    yield f"pass:    {'valid' if explanation.valid else 'not valid'} ({explanation.reason.name})"
    for language in LANGUAGES:
        yield f"         {in_words(explanation.reason, language)}"
    if explanation.reason is Reason.UNKNOWN_KEY:
        yield "         (judged by what --keys and --signers gave, and nothing else)"
    for note in explanation.notes:
        yield f"note:    {note}"
    verdict = explanation.verdict
    if verdict is None:
        yield "verdict: none without a rulebook"
        return
    yield f"verdict: {verdict.shown.name} ({verdict.reason.name})"
    if verdict.outcome is not verdict.shown:
        yield f"         it would have been {verdict.outcome.name}, but this is a trial phase"
    yield f"rule:    {explanation.rule or 'none was reached'}"
