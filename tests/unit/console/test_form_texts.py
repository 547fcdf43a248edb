"""The form and its faults in Korean: nothing is left in English."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from console.reading.faults import in_language
from console.reading.schema import schema_in, texts_of, translations
from console.static import PACKAGES
from fleetdx.errors import InvalidRequest
from fleetdx.requests import complete_request, profile_in, request_schema, request_validator, resolve_checks
from fleetdx.validation import all_faults

REGIONS = ("ap-northeast-2",)
WHOLE: dict[str, Any] = {"scope": {"organization": True}}
BROKEN: tuple[Any, ...] = (
    [], "", None, 7, {}, {"scope": {}}, {"scope": []}, {"scope": {"organization": False}}, {**WHOLE, "extra": 1},
    {"scope": {"organization": True, "accounts": ["111122223333"]}}, {"scope": {"accounts": []}},
    {"scope": {"accounts": ["1"]}}, {"scope": {"accounts": ["111122223333", "111122223333"]}},
    {"scope": {"organizational_units": ["x"]}}, {"scope": {"instances": ["i-1"]}},
    {"scope": {"accounts": ["111122223333"] * 1_001}}, {**WHOLE, "regions": []}, {**WHOLE, "regions": ["here"]},
    {**WHOLE, "regions": ["xx-nowhere-1"]}, {**WHOLE, "tags": {"": ["a"]}}, {**WHOLE, "tags": {"a": []}},
    {**WHOLE, "tags": {str(number): ["a"] for number in range(11)}}, {**WHOLE, "tags": {"a": ["b" * 257]}},
    {**WHOLE, "tags": {"k" * 129: ["a"]}}, {**WHOLE, "profile": "K"}, {**WHOLE, "checks": ["?"]},
    {**WHOLE, "delivery": "mail"}, {**WHOLE, "max_attempts": 0}, {**WHOLE, "max_attempts": 6},
    {**WHOLE, "max_attempts": "3"}, {**WHOLE, "max_concurrency": "0"}, {**WHOLE, "max_errors": "101%"},
    {**WHOLE, "exports": ["pdf"]}, {**WHOLE, "notify": "yes"}, {**WHOLE, "canary": {}},
    {**WHOLE, "canary": {"targets": ["here"]}}, {**WHOLE, "execution_timeout_seconds": 3_000},
    {"scope": {"instances": ["111122223333/us-east-1/i-0123456789abcdef0"]}, "regions": ["ap-northeast-2"]},
    {"scope": {"instances": ["111122223333/xx-nowhere-1/i-0123456789abcdef0"]}},
    {**WHOLE, "profile": "a" * 40_000}, {**WHOLE, "profile": "\ud800"},
)  # fmt: skip


def is_korean(text: str) -> bool:
    return re.search("[가-힣]", text) is not None


def test_every_title_and_description_has_a_korean_text() -> None:
    """As many Korean texts as English ones, at the same places, and each is Korean."""
    english = {pointer: holder[name] for pointer, holder, name in texts_of(request_schema())}
    assert translations().keys() == english.keys()
    assert all(is_korean(text) for text in translations().values())
    assert schema_in("en") == request_schema()
    korean = {pointer: holder[name] for pointer, holder, name in texts_of(schema_in("ko"))}
    assert korean == translations()
    assert sum(name in ("title", "description") for name in names_in(request_schema())) == len(english)


def names_in(document: Any) -> list[str]:
    """The names of all texts in a schema, however it nests."""
    if isinstance(document, list):
        return [name for one in document for name in names_in(one)]
    if not isinstance(document, dict):
        return []
    own = [name for name, value in document.items() if isinstance(value, str)]
    return own + [name for value in document.values() for name in names_in(value)]


@pytest.mark.parametrize("document", BROKEN, ids=lambda one: json.dumps(one)[:40])
def test_every_fault_is_told_in_korean(document: Any) -> None:
    """Whatever breaks the schema or what only the stack knows: the sentence beside the field is Korean."""
    sentences = [fault.sentence for fault in all_faults(request_validator(), document)]
    if not sentences:
        with pytest.raises(InvalidRequest) as refused:
            complete_request(document, REGIONS)
        sentences = [refused.value.sentence]
    assert all(is_korean(in_language(sentence, "ko")) for sentence in sentences), sentences
    assert [in_language(sentence, "en") for sentence in sentences] == sentences


def test_faults_of_the_selection_are_told_in_korean() -> None:
    """An unknown profile, an unknown item, and a unit or place that the organization does not have."""
    profile: Any = {"items": [], "checks": []}
    for refuse in (
        lambda: profile_in({"kisa_unix_2026": profile}, "x"),
        lambda: resolve_checks(["U-99"], profile),
        lambda: complete_request(WHOLE),
    ):
        with pytest.raises(InvalidRequest) as refused:
            refuse()
        assert is_korean(in_language(refused.value.sentence, "ko"))
    assert is_korean(in_language("the organization has no unit ou-ab12-cd34ef56", "ko"))
    assert in_language("something nobody has said before", "ko") == "something nobody has said before"


def test_the_page_names_only_packages_that_are_served() -> None:
    """Every address of the import map, and of scripts of packages, is on the server's list."""
    page = (Path(__file__).parents[3] / "console/web/index.html").read_text(encoding="utf-8")
    named = re.findall(r'"/packages/([^"]+)"', page)
    assert named
    assert set(named) <= set(PACKAGES)
