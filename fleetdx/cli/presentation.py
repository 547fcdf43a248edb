"""How the outcome of a command is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Presentation:
    """How the outcome is told.

    Attributes:
        output: Directory for the outputs of runs.
        as_json: Print one JSON document instead of tables.
        language: Language of tables.
        fail_on: Severity at or above which findings make the exit code 3; None for never.
    """

    output: Path
    as_json: bool = False
    language: Literal["en", "ko"] = "en"
    fail_on: Literal["high", "medium", "low"] | None = None
