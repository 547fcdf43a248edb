"""The pages on coverage say what causes.json says."""

from __future__ import annotations

import pytest

from fleetdx.coverage.texts import all_texts
from fleetdx.models import LANGUAGES, Language
from tools.coverage_pages import page, pages
from tools.markdown import MarkMissing, with_part
from tools.sources import PROJECT


def test_pages_are_as_written() -> None:
    """The pages in the tree are what `make format` would write."""
    assert {path: path.read_text(encoding="utf-8") for path in pages()} == pages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_row(language: Language) -> None:
    """Each reason of each cause has a row under its cause, with its remedy; each disagreement has one too."""
    text = page(language)
    for cause, texts in all_texts()["causes"].items():
        section = text.partition(f"### {cause}\n")[2].partition("\n#")[0]
        for code, reason in texts["reasons"].items():
            assert f"| `{code}` | {reason['title'][language]} | {reason['remedy'][language]} |" in section
    for name, own in all_texts()["disagreements"].items():
        assert f"| `{name}` | {own['title'][language]} | {own['explanation'][language]} |" in text


@pytest.mark.parametrize("name", ["coverage.md", "coverage.ko.md"])
def test_pages_tell_what_is_not_asked(name: str) -> None:
    """Both pages say that a proxy is not seen and that IPv6 is not judged, and lead to the other language."""
    text = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    assert "HTTP" in text
    assert "`ipv6_only`" in text
    assert ({"coverage.md", "coverage.ko.md"} - {name}).pop() in text


def test_page_without_marks_is_refused() -> None:
    """A page that lost a mark is told, rather than written without the part."""
    with pytest.raises(MarkMissing, match="causes"):
        with_part("# Coverage\n", "causes", "causes.json", iter(["row"]))
