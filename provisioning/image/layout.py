"""Where the partitions of a card lie, as numbers.

The table is MBR: the boot ROM of a Pi 3 or Zero 2 W reads no GPT. The data partition is the last
one, so that it can take the rest of whatever card the image is written to.
"""

from dataclasses import dataclass

SECTOR_BYTES = 512
# SD cards erase in blocks of 4 MiB (SD Association, Part 1: the largest AU of common cards).
ALIGNMENT_BYTES = 4 * 1024 * 1024
# Read as the disk's signature; the kernel names a partition PARTUUID=<signature>-<number>.
SIGNATURE = "47617075"
BOOT_LABEL = "GAPURA-BOOT"
DATA_LABEL = "gapura-data"
BOOT_BYTES = 128 * 1024 * 1024
DATA_BYTES = 256 * 1024 * 1024
# Partition types of the MBR: FAT32 with LBA, Linux.
_FAT, _LINUX = "c", "83"


@dataclass(frozen=True, slots=True)
class Partition:
    """`number` counts from 1; both sizes are multiples of ALIGNMENT_BYTES."""

    number: int
    kind: str
    start_bytes: int
    size_bytes: int
    bootable: bool = False

    @property
    def partuuid(self) -> str:
        return f"{SIGNATURE}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Layout:
    boot: Partition
    root: Partition
    data: Partition

    @property
    def size_bytes(self) -> int:
        return self.data.start_bytes + self.data.size_bytes


def plan(root_bytes: int, *, boot_bytes: int = BOOT_BYTES, data_bytes: int = DATA_BYTES) -> Layout:
    """Lay boot, root and data one after the other; `root_bytes` is what the root must hold."""
    boot = Partition(1, _FAT, ALIGNMENT_BYTES, _aligned(boot_bytes), bootable=True)
    root = Partition(2, _LINUX, boot.start_bytes + boot.size_bytes, _aligned(root_bytes))
    data = Partition(3, _LINUX, root.start_bytes + root.size_bytes, _aligned(data_bytes))
    return Layout(boot, root, data)


def table(layout: Layout) -> str:
    """Return what sfdisk(8) reads."""
    lines = ["label: dos", f"label-id: 0x{SIGNATURE}", "unit: sectors"]
    for part in (layout.boot, layout.root, layout.data):
        start, size = part.start_bytes // SECTOR_BYTES, part.size_bytes // SECTOR_BYTES
        flag = ", bootable" if part.bootable else ""
        lines.append(f"{part.number} : start={start}, size={size}, type={part.kind}{flag}")
    return "\n".join(lines) + "\n"


def kernel_command_line(layout: Layout) -> str:
    """What the firmware or QEMU hands to the kernel; a Pi's builder adds its own."""
    return " ".join(
        (
            f"root=PARTUUID={layout.root.partuuid} rootfstype=squashfs rootwait ro",
            # The machine's id is put back by the initramfs; no boot is a first one to systemd.
            "systemd.condition_first_boot=no fsck.repair=yes panic=10",
            "cfg80211.ieee80211_regdom=ID console=ttyAMA0",
        )
    )


def _aligned(size_bytes: int) -> int:
    return -(-size_bytes // ALIGNMENT_BYTES) * ALIGNMENT_BYTES
