"""The stand-ins for stat, find and id: they answer what the scanner asks, and refuse everything else loudly."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SHIMS = Path(__file__).resolve().parents[2] / "emulator" / "shims"
FORMAT = "%a %u %g %F"
ROWS = r"%y %m %U %G %p\0"
HOST = """
empty_file /etc/shadow 0000 0:42
echo hello | file /etc/motd 0644 7:8
directory /srv/drop 1777
link /etc/link motd
link /etc/absolute /etc/motd
mkdir -p "$ROOT/usr/bin"; : >"$ROOT/usr/bin/tool"; chmod 700 "$ROOT/usr/bin/tool"
"""


def ask(shell: list[str], tree: Any, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a stand-in under a shell on a tree."""
    command = [*shell, str(SHIMS / name), *arguments]
    return subprocess.run(command, env=tree.environment(), capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("option", "path", "answer"),
    [
        ("-L", "/etc/shadow", "0 0 42 regular empty file"),
        ("-L", "/etc/motd", "644 7 8 regular file"),
        ("-L", "/srv/drop", "1777 0 0 directory"),
        ("-L", "/etc/link", "644 7 8 regular file"),
        ("-L", "/etc/absolute", "644 7 8 regular file"),
        ("", "/etc/link", "777 0 0 symbolic link"),
        ("-L", "/usr/bin/tool", "755 0 0 regular empty file"),
        ("-L", "", "755 0 0 directory"),
    ],
)
def test_stat_answers_from_the_metadata(
    option: str, path: str, answer: str, shell: list[str], make_tree: Callable[..., Any]
) -> None:
    """Listed paths have the listed owner and mode; others belong to root with a mode by their kind."""
    tree = make_tree(HOST)
    arguments = [word for word in (option, "-c", FORMAT, f"{tree.root}{path}") if word]
    done = ask(shell, tree, "stat", *arguments)
    assert (done.returncode, done.stdout) == (0, f"{answer}\n")


def test_find_answers_from_the_metadata(shell: list[str], make_tree: Callable[..., Any]) -> None:
    """Rows carry the listed owners and modes, and a pruned directory is left out."""
    tree = make_tree(HOST)
    prune = ["(", "-path", f"{tree.root}/usr", "-o", "-path", f"{tree.root}/var", ")", "-prune", "-o"]
    done = ask(shell, tree, "find", str(tree.root), "-xdev", *prune, "-printf", ROWS)
    rows = {row.replace(str(tree.root), "") for row in done.stdout.split("\0") if row}
    expected = {"f 0 0 42 /etc/shadow", "f 644 7 8 /etc/motd", "d 1777 0 0 /srv/drop", "l 777 0 0 /etc/link"}
    assert expected <= rows
    assert not any("/usr" in row for row in rows)
    assert done.returncode == 0


def test_find_keeps_the_status_of_the_real_one(shell: list[str], make_tree: Callable[..., Any]) -> None:
    """A directory that is missing is told as find tells it."""
    tree = make_tree(HOST)
    done = ask(shell, tree, "find", f"{tree.root}/missing", "-xdev", "-printf", ROWS)
    assert done.returncode == 1
    assert "No such file" in done.stderr


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("stat", ["-c", "%a", "{root}/etc"]),
        ("stat", ["-c", FORMAT]),
        ("stat", ["-L", "-c", FORMAT, "/etc/passwd"]),
        ("stat", ["-f", "{root}"]),
        ("find", ["{root}", "-perm", "-2"]),
        ("find", ["{root}", "-xdev"]),
        ("find", ["{root}", "-xdev", "-printf", "%p"]),
        ("find", ["{root}", "-xdev", "-printf", ROWS, "-delete"]),
        ("find", ["/etc", "-xdev", "-printf", ROWS]),
        ("find", ["{root}", "-exec", "true", ";"]),
        ("id", []),
        ("id", ["-un"]),
        ("id", ["-u", "alice"]),
    ],
)
def test_refuses_other_questions(
    name: str, arguments: list[str], shell: list[str], make_tree: Callable[..., Any]
) -> None:
    """What a stand-in was not made for ends with status 64, so that no wrong answer goes unseen."""
    tree = make_tree(HOST)
    words = [word.replace("{root}", str(tree.root)) for word in arguments]
    done = ask(shell, tree, name, *words)
    assert (done.returncode, done.stdout) == (64, "")
    assert "stand-in" in done.stderr
