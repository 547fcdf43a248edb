"""The pages on cost say what prices and growth model say, in both languages, each fleet as the command prices it."""

from __future__ import annotations

import json

import pytest

from fleetdx.cli.cost_table import dollars
from fleetdx.cost.pricing import total
from tests.typed import typed
from tools.cost_pages import FLEETS, LANGUAGES, REGIONS, estimate_of, pages
from tools.sources import PROJECT


def test_pages_are_as_written() -> None:
    """The pages in the tree are what `make format` would write."""
    assert {path: path.read_text(encoding="utf-8") for path in pages()} == pages()


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("fleet", FLEETS, ids=lambda fleet: str(fleet.instances))
def test_the_commands_beside_the_tables_give_their_figures(fleet: tuple[int, int, int], region: str) -> None:
    """What a page says of a fleet is what the command that it names prints."""
    sizes = zip(("--instances", "--accounts", "--regions"), map(str, fleet), strict=True)
    arguments = [word for option in sizes for word in option]
    done = typed(PROJECT, "cost", *arguments, "--price-region", region, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    usd = total(estimate_of(fleet, region).lines)  # type: ignore[arg-type]  # a Fleet, which parametrize hides
    assert told["total"]["usd_per_run"] == pytest.approx(float(usd), abs=0.0001)
    for words in LANGUAGES.values():
        page = (PROJECT / "docs" / words.file).read_text(encoding="utf-8")
        assert f"**{dollars(usd)}**" in page
