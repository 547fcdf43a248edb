"""The pages on the checks are what the metadata say."""

from __future__ import annotations

import pytest

from tools import check_pages


@pytest.mark.parametrize("language", check_pages.LANGUAGES)
def test_page_is_fresh(language: str) -> None:
    """The page in the repository is the one that the checks and profiles give today."""
    assert check_pages.page_path(language).read_text(encoding="utf-8") == check_pages.page(language)


def test_item_numbers_never_stand_alone() -> None:
    """Wherever an item is named, its edition stands before it."""
    lines = [line for line in check_pages.page("en").splitlines() if line.startswith("- Items: ")]
    named = [item for line in lines for item in line.removeprefix("- Items: ").split(", ")]
    assert named
    assert [item for item in named if not item.startswith("KISA 20") and item != "of no profile"] == []
