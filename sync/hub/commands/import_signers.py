"""`gapura-hub import-signers`: whose health certificates count, from now on these."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import clock
from sync.hub.commands.output import offer_json, read_file, say
from sync.hub.rules.signers import FileForm, SignerFile, import_signers


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--format",
        choices=[form.value for form in FileForm],
        help="how the certificates stand in the files (told from each file)",
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    form = FileForm(arguments.format) if arguments.format else None
    files = [SignerFile(str(path), read_file(path), form) for path in arguments.files]
    done = import_signers(files, clock.now())
    content = {
        "signers": done.signers,
        "added": done.added,
        "removed": done.removed,
        "expired": done.expired,
    }
    lines = [
        f"{done.signers} signers count from now on: {done.added} new, {done.removed} gone.",
        f"The time of {done.expired} of them is over.",
    ]
    say(lines, content, as_json=arguments.json)
