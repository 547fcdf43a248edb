"""The page's texts: the same in both languages, and none absent that a module asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "console" / "web"
ASKED = re.compile(r"\bt\(\"([^\"]+)\"")
PLACE = re.compile(r"\{(\w+)")
LANGUAGES = ("en", "ko")


def texts(language: str) -> dict[str, str]:
    """Every text of a language by its key."""
    return dict(json.loads((WEB / "texts" / f"{language}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_sorted_and_every_text_says_something(language: str) -> None:
    """A text is found where the alphabet puts it; none is empty, and none occurs twice."""
    pairs: list[tuple[str, str]] = json.loads(
        (WEB / "texts" / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=list
    )
    keys = [key for key, _ in pairs]
    assert keys == sorted(set(keys))
    assert [key for key, text in pairs if not text.strip()] == []


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    """What is told in one language is told in the other, with the same values."""
    english, korean = (texts(language) for language in LANGUAGES)
    assert english.keys() == korean.keys()
    differing = [key for key in english if set(PLACE.findall(english[key])) != set(PLACE.findall(korean[key]))]
    assert differing == []


def test_every_text_that_a_module_names_is_there() -> None:
    """No page shows a key instead of a text."""
    modules = {path: path.read_text(encoding="utf-8") for path in (WEB / "modules").rglob("*.js")}
    named = {key for text in modules.values() for key in ASKED.findall(text)}
    assert len(named) > 100
    assert sorted(named - texts("en").keys()) == []
