"""QEMU's machine "virt" with the image as its card: switched on, cut off, talked to.

What the test needs inside lies on a second disk, and a unit that looks there is handed in as a
systemd credential through the firmware's configuration device: the image itself is to the byte the
one that is published.
"""

import base64
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SHELL_PORT = "gapura-test"
DISK_LABEL = "GTEST"
# QEMU's names have at most 55 characters: the unit's own name may have one.
_CREDENTIAL = "opt/io.systemd.credentials/systemd.extra-unit.t.service"
_UNIT = f"""\
[Unit]
Description=The test's own way in
Wants=dev-disk-by\\x2dlabel-{DISK_LABEL}.device
After=dev-disk-by\\x2dlabel-{DISK_LABEL}.device
RequiresMountsFor=/etc/gapura
Before=gapura-kiosk.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/mkdir -p /run/gapura-test/disk
ExecStart=/bin/mount -o ro /dev/disk/by-label/{DISK_LABEL} /run/gapura-test/disk
ExecStart=/bin/sh /run/gapura-test/disk/start.sh
"""
# An emulated machine on a busy one takes minutes where a board takes seconds: for its devices, and
# until a program has been loaded. Nothing else of a unit is changed.
_PATIENCE = base64.b64encode(b"[Service]\nTimeoutStartSec=15min\nWatchdogSec=10min\n").decode()
_SLOW_UNITS = ("gapura-kiosk", "gapura-sync")
_KERNEL_WORDS = " ".join(
    (
        "systemd.wants=t.service systemd.default_device_timeout_sec=900",
        *(
            f"systemd.set_credential_binary=systemd.unit-dropin.{unit}.service~test:{_PATIENCE}"
            for unit in _SLOW_UNITS
        ),
    )
)
_BOOT_FILES = ("vmlinuz", "initrd.img", "cmdline.txt")


class GuestFailure(Exception):
    """The machine did not do what it must within its time."""


@dataclass(frozen=True, slots=True)
class BootFiles:
    """What lies on the boot partition, as QEMU takes it."""

    kernel: Path
    initramfs: Path
    command_line: str


@dataclass(slots=True)
class Machine:
    """One run, from power on to power off. Use as a context: whatever runs is cut off."""

    card: Path
    boot: BootFiles
    folder: Path
    name: str
    disk: Path
    clock: str = "utc"
    memory_mb: int = 1024
    _process: subprocess.Popen[bytes] | None = None
    _shell: socket.socket | None = None
    _unread: bytes = b""
    _asked: int = 0
    switched_on_s: float = 0.0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.serial.unlink(missing_ok=True)
        self._socket.unlink(missing_ok=True)
        with (self.folder / f"{self.name}.qemu.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._words(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.switched_on_s = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_power()

    @property
    def serial(self) -> Path:
        """All that the console said."""
        return self.folder / f"{self.name}.serial.log"

    @property
    def up_s(self) -> float:
        return time.monotonic() - self.switched_on_s

    def wait_for_shell(self, seconds: float) -> None:
        """Call until somebody answers: what is said before the guest listens is lost."""
        deadline = time.monotonic() + seconds
        while True:
            self._asked += 1
            mark = f"@@{self._asked}"
            patience = min(deadline, time.monotonic() + 4)
            try:
                self._connection(deadline).sendall(f"echo {mark}\n".encode())
                for text in self._lines(patience, "the guest's shell"):
                    if text == mark:
                        return
            except (GuestFailure, OSError):
                self._check(deadline, "the guest's shell does not answer")

    def cut_power(self) -> None:
        """The machine is gone between two instructions: nothing is flushed by it any more."""
        if self._shell is not None:
            self._shell.close()
            self._shell = None
        self._unread = b""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def sleep(self, seconds: float) -> None:
        """Let it run on; it may end by itself."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))

    def said(self, words: str) -> bool:
        try:
            return words in self.serial.read_text(errors="replace")
        except FileNotFoundError:
            return False

    def wait_for(self, words: str, seconds: float) -> float:
        """Wait until the console says it; return after how many seconds from power on."""
        deadline = time.monotonic() + seconds
        while not self.said(words):
            self._check(deadline, f"the console did not say {words!r}")
            time.sleep(0.2)
        return self.up_s

    def ask(self, command: str, seconds: float = 60) -> tuple[int, str]:
        """Run a command in the guest; return its exit code and its output."""
        deadline = time.monotonic() + seconds
        self._asked += 1
        mark = f"@@{self._asked}"
        line = f"{{ {command}\n}} 2>&1 </dev/null; code=$?; echo; echo {mark} $code\n"
        self._send(line, deadline)
        said: list[str] = []
        for text in self._lines(deadline, command):
            if text.startswith(mark + " "):
                return int(text.split()[1]), "\n".join(said).strip()
            said.append(text)
        raise AssertionError

    def _connection(self, deadline: float) -> socket.socket:
        while self._shell is None:
            self._check(deadline, "the guest's shell cannot be reached")
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(str(self._socket))
            except OSError:
                connection.close()
                time.sleep(0.2)
                continue
            connection.settimeout(1)
            self._shell = connection
        return self._shell

    def _send(self, line: str, deadline: float) -> None:
        try:
            self._connection(deadline).sendall(line.encode())
        except OSError as error:
            self._check(0.0, f"the line to the guest broke ({error})")

    def _lines(self, deadline: float, command: str) -> Iterator[str]:
        while True:
            while b"\n" in self._unread:
                line, _, self._unread = self._unread.partition(b"\n")
                yield line.decode(errors="replace").rstrip("\r")
            self._check(deadline, f"the guest did not answer: {command[:80]}")
            try:
                self._unread += self._connection(deadline).recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                self._check(0.0, "the line to the guest broke")

    def _check(self, deadline: float, otherwise: str) -> None:
        if self._process is None or self._process.poll() is not None:
            raise GuestFailure(f"{self.name}: QEMU has ended: {otherwise}")
        if time.monotonic() > deadline:
            raise GuestFailure(f"{self.name}: {otherwise}, {self.up_s:.0f} s after power on")

    def _unit(self) -> Path:
        unit = self.folder / "t.service"
        unit.write_text(_UNIT)
        return unit

    @property
    def _socket(self) -> Path:
        return self.folder / "shell"

    def _words(self) -> list[str]:
        command_line = f"{self.boot.command_line} {_KERNEL_WORDS}"
        return [
            *("qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72", "-smp", "2"),
            *("-m", str(self.memory_mb), "-accel", "tcg,thread=multi"),
            *("-display", "none", "-monitor", "none", "-no-reboot", "-nodefaults"),
            *("-kernel", str(self.boot.kernel), "-initrd", str(self.boot.initramfs)),
            *("-append", command_line, "-rtc", f"base={self.clock}"),
            *("-drive", f"if=none,id=card,file={self.card},format=qcow2,cache=writeback"),
            *("-device", "virtio-blk-pci,drive=card", "-device", "virtio-rng-pci"),
            *("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="),
            *("-device", "i6300esb", "-action", "watchdog=none"),
            *("-device", "virtio-serial-pci", "-serial", f"file:{self.serial}"),
            *("-chardev", f"socket,id=shell,path={self._socket},server=on,wait=off"),
            *("-device", f"virtserialport,chardev=shell,name={SHELL_PORT}"),
            *("-drive", f"if=none,id=disk,file={self.disk},format=raw,readonly=on"),
            *("-device", "virtio-blk-pci,drive=disk"),
            *("-fw_cfg", f"name={_CREDENTIAL},file={self._unit()}"),
        ]


@contextmanager
def card_of(image: Path, folder: Path, name: str, size: str = "4G") -> Iterator[Path]:
    """Lend a card that the image has been written to; what is written on it stays beside it.

    The image must stay as it is. Blocks of the card that were not flushed may be lost with QEMU:
    its own tables of a qcow2 file are written at a flush.
    """
    folder.mkdir(parents=True, exist_ok=True)
    card = folder / f"{name}.qcow2"
    subprocess.run(
        [
            *("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw"),
            *("-b", str(image.absolute()), str(card), size),
        ],
        check=True,
    )
    try:
        yield card
    finally:
        card.unlink(missing_ok=True)


def read_boot_files(image: Path, folder: Path, boot_offset: int) -> BootFiles:
    """Take kernel, initramfs and command line from the image's own boot partition."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _BOOT_FILES:
        subprocess.run(
            ["mcopy", "-n", "-i", f"{image}@@{boot_offset}", f"::{name}", str(folder / name)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
    return BootFiles(
        folder / "vmlinuz",
        folder / "initrd.img",
        (folder / "cmdline.txt").read_text().strip(),
    )
