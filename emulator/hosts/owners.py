"""What a checkout cannot keep of a host's tree: owners, modes, links, empty files and empty directories.

`owners_and_modes.txt` has one line a path, words separated by blanks, `#` starting a comment:

    /etc/shadow        0000 root root          an existing file (or directory) with another mode or owner
    /tmp/              1777 root root          a slash at the end: a directory, made if nothing is in it
    /usr/bin/su        4755 root root empty    a file without content, made here
    /etc/os-release    -> ../usr/lib/os-release

Unlisted files are 0644 root root, unlisted directories 0755 root root. Owner and group are names of that host's own
`/etc/passwd` and `/etc/group`, or numbers (a number nobody has makes an unowned file).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Literal

_PATH: Final = re.compile(r"(/[^/]+)+/?|/")
_MODE: Final = re.compile(r"[0-7]{4}")
_ENTRY_WORDS: Final = (4, 5)
_LINK_WORDS: Final = 3


class OwnersError(ValueError):
    """A line of owners_and_modes.txt, or a name in it, cannot be used."""


@dataclass(frozen=True)
class Entry:
    """One path of a tree. `mode` is the permission bits; `content` counts for a file, `target` for a symlink.

    `uid` and `gid` are -1 until the names have been looked up in the host's own passwd and group files.
    """

    kind: Literal["file", "directory", "symlink"]
    mode: int
    owner: str = "root"
    group: str = "root"
    uid: int = -1
    gid: int = -1
    content: bytes = b""
    target: str = ""

    @classmethod
    def file(cls) -> Entry:
        """Return an empty file of root, 0644."""
        return cls("file", 0o644)

    @classmethod
    def directory(cls) -> Entry:
        """Return a directory of root, 0755."""
        return cls("directory", 0o755)

    @classmethod
    def symlink(cls, target: str) -> Entry:
        """Return a symbolic link of root; Linux shows 0777 for each."""
        return cls("symlink", 0o777, target=target)

    def with_content(self, content: bytes) -> Entry:
        """Return the same file with other content."""
        return replace(self, content=content)


def apply_owners_and_modes(tree: dict[str, Entry], path: Path) -> None:
    """Lay the lines of one owners_and_modes.txt on a tree; a host without the file changes nothing.

    Raises:
        OwnersError: naming file, line and fault.

    """
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            _apply_line(tree, words)
        except OwnersError as error:
            raise OwnersError(f"{path}, line {number}: {error}") from error


def _apply_line(tree: dict[str, Entry], words: list[str]) -> None:
    """Lay one line, split into words, on the tree."""
    listed = words[0]
    if not _PATH.fullmatch(listed) or ".." in listed.split("/") or "." in listed.split("/"):
        raise OwnersError(f"{listed} is not an absolute path")
    path = listed.rstrip("/") or "/"
    if len(words) == _LINK_WORDS and words[1] == "->":
        tree[path] = Entry.symlink(words[2])
        return
    if len(words) not in _ENTRY_WORDS or words[4:] not in ([], ["empty"]):
        raise OwnersError("expected: path mode owner group [empty], or: path -> target")
    if not _MODE.fullmatch(words[1]):
        raise OwnersError(f"the mode {words[1]} is not four octal digits")
    entry = _existing_or_new(tree, path, is_directory=listed.endswith("/"), is_empty=words[4:] == ["empty"])
    tree[path] = replace(entry, mode=int(words[1], 8), owner=words[2], group=words[3])


def _existing_or_new(tree: dict[str, Entry], path: str, *, is_directory: bool, is_empty: bool) -> Entry:
    """Return the entry that a line speaks of."""
    if is_directory and is_empty:
        raise OwnersError(f"{path}/ is a directory; only a file can be made empty")
    if is_directory:
        return Entry.directory()
    if is_empty:
        return Entry.file()
    entry = tree.get(path)
    if entry is None or entry.kind != "file":
        raise OwnersError(f"{path} is no file of this host (a directory ends in /, a file made here says empty)")
    return entry


def with_parents(tree: dict[str, Entry]) -> dict[str, Entry]:
    """Return the tree with every missing parent directory, each before its children.

    Raises:
        OwnersError: something stands below what is not a directory.

    """
    complete = dict(tree)
    for path in tree:
        for parent in PurePosixPath(path).parents:
            complete.setdefault(str(parent), Entry.directory())
            if str(parent) != path and complete[str(parent)].kind != "directory":
                raise OwnersError(f"{path} stands below {parent}, which is no directory")
    complete.setdefault("/", Entry.directory())
    return {path: complete[path] for path in sorted(complete, key=lambda path: PurePosixPath(path).parts)}


def resolve_ids(tree: dict[str, Entry]) -> dict[str, Entry]:
    """Return the tree with the numbers behind all owner and group names.

    Raises:
        OwnersError: a name is in neither file of this host.

    """
    users = _numbers(tree.get("/etc/passwd"))
    groups = _numbers(tree.get("/etc/group"))
    return {
        path: replace(
            entry,
            uid=_number(entry.owner, users, f"{path}: no account {entry.owner!r} in this host's /etc/passwd"),
            gid=_number(entry.group, groups, f"{path}: no group {entry.group!r} in this host's /etc/group"),
        )
        for path, entry in tree.items()
    }


def _numbers(entry: Entry | None) -> dict[str, int]:
    """Return name to number of a passwd or group file; in both the third field is the number."""
    lines = (entry.content.decode() if entry else "").splitlines()
    fields = [line.split(":") for line in lines]
    return {words[0]: int(words[2]) for words in reversed(fields) if len(words) > 2 and words[2].isdigit()}  # noqa: PLR2004


def _number(name: str, numbers: dict[str, int], problem: str) -> int:
    """Return the number behind a name, or the number that stands in its place."""
    if name.isdigit():
        return int(name)
    if name not in numbers:
        raise OwnersError(problem)
    return numbers[name]
