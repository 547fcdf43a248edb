"""Writes the parts of docs/deploy-check.md that fleetdx/deploy_check/catalog.py says.

python -m tools.deploy_check_pages [--check]
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from fleetdx.deploy_check.catalog import OUT_OF_REACH, QUESTIONS
from tools.markdown import table, with_part, write_or_check
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE: Final = PROJECT / "docs" / "deploy-check.md"
SOURCE: Final = "fleetdx/deploy_check/catalog.py"


def rights() -> tuple[str, ...]:
    """What the questions before a deployment need of IAM, each once, in order."""
    return tuple(sorted({right for one in QUESTIONS.values() if not one.after for right in one.rights}))


def _questions(*, after: bool) -> Iterator[str]:
    rows = [
        (f"`{code}`", one.asks, "<br>".join(f"`{right}`" for right in one.rights) or "none", one.remedy)
        for code, one in QUESTIONS.items()
        if one.after is after
    ]
    yield from table(("Code", "Question", "Rights", "Where it fails"), rows)


def _policy() -> Iterator[str]:
    statement = {"Effect": "Allow", "Action": rights(), "Resource": "*"}
    yield "```json"
    yield json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
    yield "```"


def page() -> str:
    """The page, as Markdown. Raises MarkMissing."""
    text = PAGE.read_text(encoding="utf-8")
    parts = {
        "before": _questions(after=False),
        "after": _questions(after=True),
        "policy": _policy(),
        "out of reach": (f"- {sentence}" for sentence in OUT_OF_REACH),
    }
    for part, lines in parts.items():
        text = with_part(text, part, SOURCE, lines)
    return text


def pages() -> dict[Path, str]:
    """The page by its file."""
    return {PAGE: page()}


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is as written."""
    return write_or_check(pages(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
