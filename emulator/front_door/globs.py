"""The patterns of IAM's policy language, and its way of writing one value bare. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_ARN_PARTS = 6


def as_list(value: object) -> list[Any]:
    """IAM writes one value bare and several as a list: always give a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def glob_matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Match IAM's wildcards: `*` is any run of characters, slashes too; `?` is any one character."""
    return compiled_glob(pattern, ignore_case=ignore_case).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def compiled_glob(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern as a regular expression for whole texts."""
    translated = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.compile(translated, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def arn_matches(pattern: str, arn: str) -> bool:
    """Compare ARNs part by part: a wildcard does not reach over a colon of the first five parts."""
    wanted, actual = pattern.split(":", _ARN_PARTS - 1), arn.split(":", _ARN_PARTS - 1)
    return len(wanted) == len(actual) == _ARN_PARTS and all(
        glob_matches(w, a) for w, a in zip(wanted, actual, strict=True)
    )
