"""Real Debian roots to measure on."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RELEASE = "bullseye"
"""Debian 11: the newest that Debian 12's SCAP content judges; on any other, oscap calls every rule not applicable."""
FILES_PER_DIRECTORY = 100


def make_root(directory: Path) -> Path:
    """Unpack a minimal Debian with lynis inside, so that lynis can judge it as the host it runs on."""
    root = directory / "minimal"
    command = ["debootstrap", "--variant=minbase", "--include=lynis", RELEASE, str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return root


def copy_with_files(root: Path, target: Path, count: int) -> Path:
    """Copy a root and add files to it, 100 in a directory, owned by root, until it holds as many as asked for."""
    subprocess.run(["cp", "-a", str(root), str(target)], check=True)
    missing = count - sum(len(files) for _, _, files in os.walk(target))
    for number in range(max(missing, 0)):
        part = number // FILES_PER_DIRECTORY
        directory = target / "srv" / "data" / str(part // FILES_PER_DIRECTORY) / str(part)
        if number % FILES_PER_DIRECTORY == 0:
            directory.mkdir(parents=True)
        (directory / f"file{number % FILES_PER_DIRECTORY:03}.dat").touch(0o644)
    return target


@contextmanager
def filled_root(root: Path, count: int) -> Iterator[Path]:
    """A copy of a root with so many files, gone afterwards."""
    target = root.parent / f"files-{count}"
    try:
        yield copy_with_files(root, target, count)
    finally:
        shutil.rmtree(target, ignore_errors=True)
