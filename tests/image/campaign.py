"""Builds the image from packages, boots it in QEMU, and cuts its power; tells what held.

python -m tests.image.campaign --cuts 5 --seed 1
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from provisioning.image import layout
from tests.image.cuts import SCENES, cut_often
from tests.image.kiosk import NOBODY, make_disk
from tests.image.machine import GuestFailure, read_boot_files
from tests.image.outside import OutsideHub, pictures_of
from tests.image.story import Bench, Untrue, Visitor, one_life

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".cache" / "test-image"
# Any day will do: the same image comes of it as long as nothing else changes.
_DATE = "2026-11-22"


def main() -> int:
    arguments = _arguments()
    began = time.monotonic()
    shutil.rmtree(PLACE / "run", ignore_errors=True)
    figures: dict[str, object] = {"machine": platform.machine(), "cores": os.cpu_count()}
    try:
        image = arguments.image or _build(figures)
        if arguments.twice:
            _build_again(image, figures)
        _try(image, figures, arguments)
        held = "yes"
    except (GuestFailure, Untrue) as failure:
        held = str(failure)
        _say(f"==> It does not hold: {failure}\n    The consoles' logs lie in {PLACE}/run")
    figures |= {"holds": held, "minutes": round((time.monotonic() - began) / 60, 1)}
    result = PLACE / "result.json"
    result.write_text(json.dumps(figures, indent=1) + "\n")
    _say(json.dumps(figures, indent=1))
    return held != "yes"


def _try(image: Path, figures: dict[str, object], arguments: argparse.Namespace) -> None:
    folder = PLACE / "run"
    folder.mkdir(parents=True)
    boot_offset = layout.plan(1).boot.start_bytes
    with ExitStack() as stack:
        hub = stack.enter_context(OutsideHub(folder / "hub"))
        people = _people(hub, arguments.cuts)
        pictures = {
            name: pictures_of([visitor.payload for visitor in visitors], number)
            for number, (name, visitors) in enumerate(people.items())
        }
        bench = Bench(
            image=_enrolling(image, folder / "story.img", hub, boot_offset),
            boot=read_boot_files(image, folder / "boot", boot_offset),
            folder=folder,
            hub=hub,
            disk=make_disk(folder / "people.fat", {NOBODY: pictures_of([], 0), **pictures}),
            say=_say,
            figures=figures,
        )
        one_life(bench, people)
        _say(f"==> {arguments.cuts} power cuts at moments drawn by chance (seed {arguments.seed})")
        images = [
            _enrolling(image, folder / f"cut-{number}.img", hub, boot_offset)
            for number in range(arguments.cuts)
        ]
        groups = [(name, people[name]) for name in people if name.startswith("cut-")]
        cuts = cut_often(bench, images, groups, seed=arguments.seed)
        figures["cuts"] = [asdict(cut) for cut in cuts]
    shutil.rmtree(folder / "boot")
    for leftover in (*folder.glob("*.img"), *folder.glob("*.fat"), *folder.glob("*.d")):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


def _people(hub: OutsideHub, cuts: int) -> dict[str, list[Visitor]]:
    """Who comes: each day a valid pass, something that is none, and another valid pass."""
    groups = ["first", "second", *(f"cut-{number}" for number in range(cuts))]
    return {
        name: [
            _guest(hub),
            Visitor(f"https://example.org/{name}", "RED", ""),
            _guest(hub),
        ]
        for name in groups
    }


def _guest(hub: OutsideHub) -> Visitor:
    issued = hub.issue("--type", "visitor", "--label", "Tamu Contoh", "--days", "3")
    return Visitor(issued["pass"], "GREEN", issued["cti"])


def _enrolling(image: Path, copy: Path, hub: OutsideHub, boot_offset: int) -> Path:
    """Write the image to a file, with kiosk.toml on its boot partition, as a technician would."""
    subprocess.run(["cp", "--sparse=always", str(image), str(copy)], check=True)
    setting = copy.with_suffix(".toml")
    setting.write_text(f'card = "{hub.card_text(copy.stem)}"\n')
    place = f"{copy}@@{boot_offset}"
    subprocess.run(
        ["mcopy", "-o", "-i", place, str(setting), "::kiosk.toml"],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    setting.unlink()
    return copy


def _build(figures: dict[str, object], name: str = "image") -> Path:
    _say("==> Building the image")
    out = PLACE / name
    shutil.rmtree(out, ignore_errors=True)
    began = time.monotonic()
    subprocess.run(
        [
            *(sys.executable, "-m", "provisioning", "image", "--out", str(out)),
            *("--cache", str(PLACE / "cache"), "--date", _DATE),
        ],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    (image,) = out.glob("*.img")
    figures[f"{name}_build_s"] = round(time.monotonic() - began)
    figures[f"{name}_mb"] = round(image.stat().st_size / 1e6)
    figures[f"{name}_compressed_mb"] = round(Path(f"{image}.xz").stat().st_size / 1e6)
    return image


def _build_again(image: Path, figures: dict[str, object]) -> None:
    again = _build(figures, "again")
    alike = (again.parent / "SHA256SUMS").read_text() == (image.parent / "SHA256SUMS").read_text()
    figures["built_twice_alike"] = alike
    if not alike:
        raise Untrue("built twice from the same, the image is not the same")
    shutil.rmtree(again.parent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/test-image", description=__doc__)
    parser.add_argument("--image", type=Path, metavar="FILE", help="try this one, build none")
    parser.add_argument("--twice", action="store_true", help="build it twice and compare")
    parser.add_argument(
        "--cuts",
        type=int,
        default=5,
        metavar="N",
        help=f"power cuts in the end, in turn in: {', '.join(SCENES)} (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments (%(default)s)")
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
