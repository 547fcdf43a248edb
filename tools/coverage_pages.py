"""Writes the parts of docs/coverage.md and docs/coverage.ko.md that fleetdx/coverage/causes.json says.

python -m tools.coverage_pages [--check]
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from fleetdx.coverage.models import MANAGED_CAUSES, QUIET_CAUSES
from fleetdx.coverage.texts import all_texts
from tools.markdown import table, with_part, write_or_check
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.coverage.models import Cause
    from fleetdx.models import Language

PARTS: Final = ("causes", "disagreements")
SOURCE: Final = "fleetdx/coverage/causes.json"


class Words(NamedTuple):
    """What the written parts say in one language beside the texts themselves."""

    file: str
    managed: str
    quiet: str
    unmanaged: str
    reasons: tuple[str, str, str]
    disagreements: tuple[str, str, str]


LANGUAGES: Final[dict[Language, Words]] = {
    "en": Words(
        "coverage.md",
        "Managed.",
        "Nothing to do.",
        "Unmanaged.",
        ("Reason", "What it is", "What to do"),
        ("Code", "Likely reason", "What it means, and what to do"),
    ),
    "ko": Words(
        "coverage.ko.md",
        "관리 중입니다.",
        "조치가 필요하지 않습니다.",
        "미관리입니다.",
        ("사유", "내용", "조치 방법"),
        ("코드", "추정 이유", "설명과 조치 방법"),
    ),
}


def _causes(language: Language) -> Iterator[str]:
    words = LANGUAGES[language]
    for cause, texts in all_texts()["causes"].items():
        told = f"**{texts['title'][language]}.** {_standing(cause, words)} {texts['meaning'][language]}"
        rows = [
            (f"`{code}`", reason["title"][language], reason["remedy"][language])
            for code, reason in texts["reasons"].items()
        ]
        yield from (f"### {cause}", "", told, "", *table(words.reasons, rows))


def _standing(cause: Cause, words: Words) -> str:
    if cause in MANAGED_CAUSES:
        return words.managed
    return words.quiet if cause in QUIET_CAUSES else words.unmanaged


def _disagreements(language: Language) -> Iterator[str]:
    rows = [
        (f"`{code}`", texts["title"][language], texts["explanation"][language])
        for code, texts in all_texts()["disagreements"].items()
    ]
    yield from table(LANGUAGES[language].disagreements, rows)


def page(language: Language) -> str:
    """One page, as Markdown. Raises MarkMissing."""
    text = (PROJECT / "docs" / LANGUAGES[language].file).read_text(encoding="utf-8")
    for part, lines in zip(PARTS, (_causes(language), _disagreements(language)), strict=True):
        text = with_part(text, part, SOURCE, lines)
    return text


def pages() -> dict[Path, str]:
    """Both pages by their files."""
    return {PROJECT / "docs" / words.file: page(language) for language, words in LANGUAGES.items()}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say whether they are as written."""
    return write_or_check(pages(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
