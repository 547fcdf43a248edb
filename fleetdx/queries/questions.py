"""The questions that can be asked: files with one SELECT each, which say in their first two lines what they ask."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.models import LocalizedText

_ENGLISH: Final = "-- en: "
_KOREAN: Final = "-- ko: "


class Question(NamedTuple):
    """A question: its file's name without `.sql`, its title, and the text for Athena as for DuckDB."""

    name: str
    title: LocalizedText
    sql: str


@functools.cache
def questions() -> Mapping[str, Question]:
    """Every question by its name, in the order of names."""
    folder = resources.files("fleetdx.queries")
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    read = [_read(name.removesuffix(".sql"), folder.joinpath(name).read_text(encoding="utf-8")) for name in found]
    return {question.name: question for question in read}


def _read(name: str, text: str) -> Question:
    english, korean, *_ = text.splitlines()
    return Question(name, {"en": english.removeprefix(_ENGLISH), "ko": korean.removeprefix(_KOREAN)}, text)
