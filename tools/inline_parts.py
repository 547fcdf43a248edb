"""Cut a profile's scanner into parts small enough to travel inside a command.

A part holds consecutive checks of one profile and only the functions that they reach, without comments, indentation
and the texts of reports. It runs alone, with `--only` of its checks, and writes JSON only. Its table names every check
of the profile, so that the digest has a letter for each. Same tree, same bytes, by one shfmt and one zlib.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.scanner_tree import Check, MetadataError, Profile, checks_in_order, profile_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INLINE_CEILING = 40_960
"""Bytes of gzip -9 that a part may have; the document's parameter takes 49,152 of them (65,536 of base64)."""

BETWEEN = ": between_two_chunks"
LEFT_OUT = {
    # What only a person who reads text asks for.
    "show_help": "show_help() {\n  echo 'a part of a bundle, which writes JSON only'\n}\n",
    "show_list": "show_list() {\n  usage_error 'a part of a bundle lists nothing'\n}\n",
    "text_writer": "text_writer() {\n  echo 'function print_text() { exit 1 }'\n}\n",
}
# As shfmt formats them: a function ends with the first brace that stands where it began; a constant is one line, or
# text between two single quotes.
DEFINITION = re.compile(
    r"^(?:(\w+)\(\) \{(?: #[^\n]*)?\n.*?^\}\n|([A-Z][A-Z0-9_]*)=(?:'[^']*'|[^\n]*)\n)",
    re.MULTILINE | re.DOTALL | re.ASCII,
)
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# "${kind}_products_in_use" or "$1_products_in_use": of a name only the end is written, or only the beginning.
ENDING = re.compile(r"\$(?:\{\w+\}|[0-9@*])(\w+)", re.ASCII)
BEGINNING = re.compile(r"([A-Za-z0-9_]+_)\$\{?[A-Za-z0-9]")


@dataclass(frozen=True)
class Frame:
    """What stands before and after the functions in every script: scan.sh without its parts."""

    head: str
    tail: str


@dataclass(frozen=True)
class Part:
    """One inline part: its script, and which consecutive checks of the profile it holds."""

    script: bytes
    checks: list[str]

    @property
    def sha256(self) -> str:
        """The part's name."""
        return hashlib.sha256(self.script).hexdigest()


class Mentions(NamedTuple):
    """What a piece of shell text may call: its words, and the written halves of names that it puts together."""

    words: frozenset[str]
    beginnings: frozenset[str]
    endings: frozenset[str]


@dataclass(frozen=True)
class _Pieces:
    """The scanner in minified pieces: the frame's two, and each function and constant by its name."""

    frame: Frame
    definitions: Mapping[str, str]
    mentions: Mapping[str, Mentions]


def cut_profiles(
    frame: Frame,
    sources: Mapping[Path, str],
    checks: dict[str, Check],
    profiles: Mapping[str, Profile],
    ceiling: int = INLINE_CEILING,
) -> dict[str, list[Part]]:
    """Cut every profile into as few parts as its order allows.

    Args:
        frame: What stands around the functions.
        sources: The text of every library and check.sh.
        checks: Every check, for the profiles' tables.
        profiles: What to cut.
        ceiling: Most bytes of gzip -9 a part.

    Raises:
        MetadataError: A check does not fit into a part of its own, or a file holds more than functions and constants.
    """
    definitions = {}
    for path, text in sources.items():
        definitions.update(definitions_of(path, text))
    pieces = _minified(frame, definitions | LEFT_OUT)
    return {name: _cut(name, profile, checks, pieces, ceiling) for name, profile in profiles.items()}


def definitions_of(path: Path, text: str) -> dict[str, str]:
    """The functions and constants of a file, by name.

    Raises:
        MetadataError: Something else stands there, which a part would lose.
    """
    rest = DEFINITION.sub("", text)
    lost = [line for line in rest.splitlines() if line.strip() and not line.startswith("#")]
    if lost:
        raise MetadataError(f"{path}: only functions and constants may stand here, not: {lost[0]}")
    return {found[1] or found[2]: found[0] for found in DEFINITION.finditer(text)}


def mentions_in(text: str) -> Mentions:
    """What a piece of shell text may call; of checks, whose names are put together too, only those written whole."""
    beginnings = frozenset(BEGINNING.findall(text)) - {"check_"}
    return Mentions(frozenset(WORD.findall(text)), beginnings, frozenset(ENDING.findall(text)))


def reachable(mentions: Mapping[str, Mentions], roots: Iterable[str], frame: Mentions) -> list[str]:
    """The definitions whose names occur as words in the frame, in a root, or in a definition that is reached; sorted.

    More is kept than is called: a word in a sentence counts too. Where only the end or the beginning of a name is
    written, each function is kept of whose name the other half occurs as a word.
    """
    reached, waiting, known = set[str](), set(roots), frame
    while waiting:
        reached |= waiting
        known = Mentions(*(a.union(*b) for a, *b in zip(known, *(mentions[name] for name in waiting), strict=True)))
        waiting = {name for name in mentions if name not in reached and _is_mentioned(name, known)}
    return sorted(reached)


def _is_mentioned(name: str, known: Mentions) -> bool:
    return (
        name in known.words
        or any(name.endswith(end) and name.removesuffix(end) in known.words for end in known.endings)
        or any(name.startswith(half) and name.removeprefix(half) in known.words for half in known.beginnings)
    )


def compressed_size(script: bytes) -> int:
    """Bytes of gzip -9."""
    return len(gzip.compress(script, 9, mtime=0))


def _cut(name: str, profile: Profile, checks: dict[str, Check], pieces: _Pieces, ceiling: int) -> list[Part]:
    """Fill one part after the other with as many checks as fit."""
    left = checks_in_order(profile)
    parts = []
    while left:
        fitting = 0
        # Halving: between a number of checks that fit and one that does not.
        too_many = len(left) + 1
        while too_many - fitting > 1:
            number = len(left) if fitting == 0 and too_many > len(left) else (fitting + too_many) // 2
            script = _part(name, profile, checks, pieces, left[:number])
            size = compressed_size(script)
            if size <= ceiling:
                fitting, part = number, Part(script, left[:number])
            else:
                too_many = number
        if fitting == 0:
            raise MetadataError(
                f"profile {name}: the check {left[0]} alone makes an inline part of {size} bytes of gzip;"
                f" at most {ceiling} travel in a command"
            )
        parts.append(part)
        left = left[fitting:]
    return parts


def _part(name: str, profile: Profile, checks: dict[str, Check], pieces: _Pieces, held: list[str]) -> bytes:
    """Write the script that runs some of a profile's checks."""
    roots = [f"check_{check}" for check in held]
    names = reachable(pieces.mentions, roots, mentions_in(pieces.frame.head + pieces.frame.tail))
    definitions = "".join(pieces.definitions[definition] for definition in names)
    table = _table(profile_table(profile, checks), set(held))
    return (
        f"{pieces.frame.head}SCRIPTS=\nprofile_names(){{\necho {name}\n}}\n"
        f"profile_table(){{\nprintf %s {shlex.quote(table)}\n}}\n"
        f"titles_in_korean(){{\n:\n}}\nload_check(){{\n:\n}}\n{definitions}{pieces.frame.tail}"
    ).encode()


def _table(table: str, held: set[str]) -> str:
    """A profile's table without titles, and without the parameters of checks that are not held."""
    lines = []
    for line in table.splitlines():
        kind, *fields = line.split("\t")
        if kind == "title" or (kind == "parameter" and fields[0] not in held):
            continue
        lines.append("\t".join([kind, *(fields[:-1] if kind == "check" else fields)]))
    return "".join(f"{line}\n" for line in lines)


def _minified(frame: Frame, definitions: Mapping[str, str]) -> _Pieces:
    """Take comments and indentation out of everything in one go."""
    chunks = [frame.head, frame.tail, *definitions.values()]
    whole = f"\n{BETWEEN}\n".join(chunks)
    shfmt = Path(sys.executable).parent / "shfmt"
    command = [str(shfmt), "-ln", "posix", "--minify"]
    done = subprocess.run(command, input=whole, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise MetadataError(f"the scanner is no shell script: {done.stderr.strip()}")
    head, tail, *bodies = done.stdout.split(f"{BETWEEN}\n")
    minified = dict(zip(definitions, bodies, strict=True))
    return _Pieces(Frame(head, tail), minified, {name: mentions_in(text) for name, text in minified.items()})
