"""Puts back what a test changed in a large tree, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

Facts = tuple[int, ...]
"""What differs once a file or directory was changed."""


class KeptTree:
    """A tree whose places a test may change, and a copy of them as they were.

    Attributes:
        root: The tree that tests change.
    """

    def __init__(self, root: Path, copy: Path, places: tuple[str, ...]) -> None:
        """Copy the places of the tree, so that they can be put back."""
        self.root = root
        self._copy = copy
        self._places = places
        for place in places:
            (copy / place).parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", str(root / place), str(copy / place)], check=True)
        self._facts = self._look()

    def put_back(self) -> None:
        """Make every place what it was, by the facts of each file: what is untouched is not written again."""
        now = self._look()
        for name in sorted(now.keys() - self._facts.keys(), reverse=True):
            _remove(self.root / name)
        changed = [name for name in sorted(self._facts) if now.get(name) != self._facts[name]]
        for name in changed:
            self._put_back(name)
        # What was put into a directory has changed its times.
        for name in reversed(changed):
            if _is_directory(self._copy / name):
                _give_attributes(self._copy / name, self.root / name)
        self._facts = self._look()

    def _put_back(self, name: str) -> None:
        kept, path = self._copy / name, self.root / name
        if _is_directory(kept):
            if not _is_directory(path):
                path.unlink(missing_ok=True)
                path.mkdir()
            return
        if os.path.lexists(path):
            _remove(path)
        subprocess.run(["cp", "-a", str(kept), str(path)], check=True)

    def _look(self) -> dict[str, Facts]:
        """The facts of everything in the places, by the path below the root."""
        found: dict[str, Facts] = {}
        waiting = [str(self.root / place) for place in self._places if os.path.lexists(self.root / place)]
        skipped = len(str(self.root)) + 1
        while waiting:
            path = waiting.pop()
            facts = os.lstat(path)
            found[path[skipped:]] = (
                *(facts.st_ino, facts.st_mode, facts.st_uid, facts.st_gid, facts.st_size),
                *(facts.st_mtime_ns, facts.st_ctime_ns),
            )
            if _is_directory(Path(path)):
                waiting.extend(entry.path for entry in os.scandir(path))
        return found


def _is_directory(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _remove(path: Path) -> None:
    if _is_directory(path):
        path.rmdir()
    else:
        path.unlink()


def _give_attributes(source: Path, target: Path) -> None:
    facts = source.stat()
    os.chown(target, facts.st_uid, facts.st_gid)
    shutil.copystat(source, target)
