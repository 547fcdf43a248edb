"""docs/what-we-install.md lists what the templates make: nothing less, and nothing that is gone."""

from __future__ import annotations

import pytest

from tools.installed_pages import PAGE, PARTS, REASONS, ReasonMissing, page, rows
from tools.sources import template


def test_the_page_is_as_written() -> None:
    """The page in the tree is what `make format` would write from the templates."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_resource_without_a_reason_is_refused() -> None:
    """Whoever adds something to a template says what for."""
    with pytest.raises(ReasonMissing, match="Surprise"):
        list(rows({"Surprise": {"Type": "AWS::SNS::Topic"}}, {}))


def test_no_reason_outlives_its_resource() -> None:
    """A reason stands for a resource that exists."""
    known = {name for part in PARTS.values() for name in template(f"{part}.yaml")["Resources"]}
    assert REASONS["why"].keys() <= known


@pytest.mark.parametrize("part", PARTS.values())
def test_every_resource_has_its_row(part: str) -> None:
    """Functions, machines, roles, buckets, queues, rules and documents have one each; what is folded is counted."""
    resources = template(f"{part}.yaml")["Resources"]
    told = list(rows(resources, template(f"{part}.yaml").get("Conditions", {})))
    together = [one for one in resources.values() if one["Type"] in REASONS["together"]]
    with_functions = [
        name
        for name, one in resources.items()
        if one["Type"] == "AWS::Logs::LogGroup"
        or (one["Type"] == "AWS::IAM::Role" and f"{name.removesuffix('Role')}Function" in resources)
    ]
    kinds = {one["Type"] for one in together}
    assert len(told) == len(resources) - len(together) - len(with_functions) + len(kinds)
    kept = [one for one in resources.values() if one.get("DeletionPolicy") and one["Type"] != "AWS::Logs::LogGroup"]
    assert sum(row[-1] == "yes" for row in told) == len(kept)
