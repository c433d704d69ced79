"""Boots a machine for one scene of `guest.py`: a kernel as a program, the host its disk."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.machine.guest import WORD

ROOT = Path(__file__).parents[2]
KERNEL = Path(os.environ.get("GAPURA_KERNEL", ROOT / ".cache/machine/linux"))
_LONGEST_S = 300
# gpiozero asks which Pi it is on; a kernel without a device tree tells that here.
_CPUINFO = "processor\t: 0\nHardware\t: BCM2835\nRevision\t: c03115\n"
_INIT = """#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t configfs config /sys/kernel/config
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount --bind {cpuinfo} /proc/cpuinfo
cd /run
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH={root} exec {python} -m tests.machine.guest {scene}
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`observed` are the guest's observations in order, `said` all that came over its console."""

    observed: tuple[tuple[str, object], ...]
    said: str

    def all(self, name: str) -> list[object]:
        return [value for one, value in self.observed if one == name]

    def only(self, name: str) -> object:
        (value,) = self.all(name)
        return value


def boot(scene: str, *arguments: str) -> Outcome:
    """Switch a machine on and wait until it is off; `arguments` go to its kernel."""
    # Not in a folder of the test's name: the kernel's command line takes no spaces.
    with tempfile.TemporaryDirectory(prefix="gapura-machine-", dir="/tmp") as folder:
        cpuinfo, init = Path(folder, "cpuinfo"), Path(folder, "init")
        cpuinfo.write_text(_CPUINFO)
        init.write_text(
            _INIT.format(
                cpuinfo=cpuinfo,
                root=shlex.quote(str(ROOT)),
                python=shlex.quote(sys.executable),
                scene=scene,
            )
        )
        init.chmod(0o755)
        done = subprocess.run(
            [
                *(str(KERNEL), "mem=256M", "root=/dev/root", "rootfstype=hostfs", "ro"),
                *(f"init={init}", "con=null", "con0=null,fd:1", "noreboot", "panic=-1"),
                *arguments,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"HOME": folder, "TMPDIR": folder},
            timeout=_LONGEST_S,
            check=False,
        )
    said = done.stdout.decode(errors="replace")
    lines = [line.partition(WORD)[2] for line in said.splitlines() if WORD in line]
    return Outcome(tuple((name, value) for name, value in map(json.loads, lines)), said)
