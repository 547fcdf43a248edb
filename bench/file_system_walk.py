"""The one walk for all file-system checks beside one bare find that reads each inode once, at three sizes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bench.measure import Candidate, in_turns
from bench.results import Aim, Results
from bench.roots import filled_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.results import Row

NAME = "file_system_walk"
SIZES = (10_000, 100_000, 1_000_000)
AIM = 1.5
LINEAR = 1.25
"""Time a file at the largest size, of that at the middle one: linear growth, and 25% for what the machine does."""


def candidates(root: Path, bundle: Path, work: Path) -> list[Candidate]:
    """The walk as the scanner starts it, the bare find, and the whole profile."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    profile = ["sh", str(bundle), "--profile", "kisa_unix_2026", "--root", str(root)]
    return [
        Candidate("find", ["find", str(root), "-xdev", "-printf", "%y %m %U %G %p\\0"]),
        Candidate("walk", ["sh", str(bundle), "__walk", str(work), str(root)]),
        Candidate("kisa_unix_2026", profile, good_statuses=frozenset({0, 3})),
    ]


def growth(name: str, by_size: dict[int, dict[str, Row]]) -> Aim:
    """How time a file grows from the middle size to the largest one."""
    middle, largest = sorted(by_size)[-2:]
    a_file = {size: by_size[size][name].cpu_seconds / size for size in (middle, largest)}
    label = f"{name}: CPU a file at {largest:,}, of that at {middle:,}"
    return Aim(label, LINEAR, round(a_file[largest] / a_file[middle], 3))


def measure(
    root: Path, bundle: Path, rounds: int, say: Callable[[str], None], sizes: tuple[int, ...] = SIZES
) -> Results:
    """Measure the walk, find and the whole profile at every size."""
    results = Results(NAME, rounds)
    by_size = {}
    for size in sizes:
        say(f"{NAME}: {size:,} files ...")
        with filled_root(root, size) as filled:
            chosen = candidates(filled, bundle, root.parent / "work")
            results.commands = {candidate.name: " ".join(candidate.command) for candidate in chosen}
            rows = results.add(f"{size:,} files", in_turns(chosen, rounds))
        by_size[size] = rows
        for what in ("wall", "cpu"):
            ratio = getattr(rows["walk"], f"{what}_seconds") / getattr(rows["find"], f"{what}_seconds")
            results.aims.append(Aim(f"{size:,} files: walk's {what}, of find's", AIM, round(ratio, 3)))
    results.aims += [growth(name, by_size) for name in ("find", "walk", "kisa_unix_2026")]
    return results
