"""Partitions follow one another without overlapping, and the kernel is told the right one."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.image.layout import (
    ALIGNMENT_BYTES,
    SECTOR_BYTES,
    kernel_command_line,
    plan,
    table,
)


@given(st.integers(1, 8 * 2**30), st.integers(1, 2**30), st.integers(1, 2**30))
def test_nothing_overlaps_and_all_is_aligned(root: int, boot: int, data: int) -> None:
    layout = plan(root, boot_bytes=boot, data_bytes=data)
    parts = (layout.boot, layout.root, layout.data)
    end = ALIGNMENT_BYTES
    for part, asked in zip(parts, (boot, root, data), strict=True):
        assert part.start_bytes == end
        assert part.start_bytes % ALIGNMENT_BYTES == part.size_bytes % ALIGNMENT_BYTES == 0
        assert asked <= part.size_bytes < asked + ALIGNMENT_BYTES
        end += part.size_bytes
    assert layout.size_bytes == end


def test_the_data_partition_is_the_last_so_that_it_can_grow() -> None:
    layout = plan(500_000_000)
    assert layout.data.start_bytes > layout.root.start_bytes > layout.boot.start_bytes
    assert layout.boot.bootable
    assert not layout.data.bootable


def test_the_kernel_is_told_the_root_and_that_it_is_read_only() -> None:
    words = kernel_command_line(plan(1)).split()
    assert "root=PARTUUID=47617075-02" in words
    assert {"ro", "rootfstype=squashfs", "rootwait"} <= set(words)
    assert "rw" not in words


def test_sfdisk_understands_the_table(tmp_path: Path) -> None:
    sfdisk = shutil.which("sfdisk", path="/usr/sbin:/sbin:/usr/bin")
    if sfdisk is None:
        pytest.skip("sfdisk is not installed")
    layout = plan(300_000_000)
    disk = tmp_path / "disk"
    with disk.open("wb") as empty:
        empty.truncate(layout.size_bytes)
    subprocess.run([sfdisk, "--quiet", disk], input=table(layout), text=True, check=True)
    told = subprocess.run([sfdisk, "--dump", disk], capture_output=True, text=True, check=True)
    assert "label-id: 0x47617075" in told.stdout
    for part in (layout.boot, layout.root, layout.data):
        assert f"start={part.start_bytes // SECTOR_BYTES:>12}" in told.stdout
        assert f"size={part.size_bytes // SECTOR_BYTES:>12}" in told.stdout
