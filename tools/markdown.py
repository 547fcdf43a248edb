"""What the programs that write pages share: tables, and keeping what is written true."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a table, and an empty one."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


class MarkMissing(ValueError):
    """A page lacks the marks between which a part is written."""


def with_part(page: str, part: str, source: str, lines: Iterable[str]) -> str:
    """A page with what stands between the marks of a part written anew from its source. Raises MarkMissing."""
    begin, end = f"<!-- {part}: `make format` writes this from {source} -->", f"<!-- /{part} -->"
    before, found_begin, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise MarkMissing(f"the marks of {part} are not in the page")
    return f"{before}{begin}\n\n{chr(10).join(lines).rstrip()}\n\n{end}{after}"


def write_or_check(pages: Mapping[Path, str], arguments: list[str]) -> int:
    """Write the pages, or with --check say which are not as they would be written; the exit status."""
    if "--check" not in arguments:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path}: not what it is made from says; run `make format`")
    return int(bool(stale))
