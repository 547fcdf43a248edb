"""The pages of a run at home: a page a host, and a report that leads to them."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from bench.exports import SyntheticRun
from fleetdx.cli import host_files, pages
from fleetdx.cli.host_files import Places, noting_places
from fleetdx.cli.main import app
from fleetdx.cli.pages import finish_report
from fleetdx.reporting.summary import build_summary
from fleetdx.storage import encode_lines

if TYPE_CHECKING:
    from pathlib import Path

    from fleetdx.models import Catalog
    from fleetdx.run_models import RunFacts

HOSTS = 3


@pytest.fixture
def home(tmp_path: Path) -> tuple[Path, Catalog]:
    """What a run over three scanned hosts and one other leaves; the lines of its results stand in no order."""
    run = SyntheticRun(HOSTS + 1)
    facts: RunFacts = {**run.summary(), "request": {}}  # type: ignore[typeddict-item, typeddict-unknown-key]
    lines = list(run.results())
    random.Random(1).shuffle(lines)  # noqa: S311  a repeatable order, no secret
    summary = build_summary(facts, run.ledger(), lines, run.catalog)
    directory = tmp_path / summary["run"]
    directory.mkdir()
    (directory / "summary.json").write_text(json.dumps(summary))
    (directory / "ledger.jsonl").write_bytes(encode_lines(run.ledger()))
    (directory / "results.jsonl").write_bytes(encode_lines(lines))
    (directory / "report.html").write_text("as BuildReport has written it")
    return directory, run.catalog


def test_places_of_a_host_lead_to_all_its_results(home: tuple[Path, Catalog]) -> None:
    """However the lines of hosts are mixed in the file, a host's places are those of its own, in their order."""
    path, places = home[0] / "results.jsonl", Places()
    passed = list(noting_places(path, places))
    text = path.read_bytes()
    found = {key: [json.loads(text[start:].splitlines()[0]) for start in starts] for key, starts in places.items()}
    assert len(found) == HOSTS
    for key, results in found.items():
        assert results == [one for one in passed if one["instance"] == key.instance]
        assert len(results) == 75


def test_many_hosts_are_written_by_several_processes(
    home: tuple[Path, Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit processes share the hosts, and write what one process would: the same pages, the same list."""
    directory, catalog = home
    finish_report(directory, catalog, "ko")
    by_one = {path.name: path.read_bytes() for path in (directory / "hosts").iterdir()}
    monkeypatch.setattr(host_files, "MOST_IN_ONE_PROCESS", HOSTS - 1)
    finish_report(directory, catalog, "ko")
    assert {path.name: path.read_bytes() for path in (directory / "hosts").iterdir()} == by_one
    assert len(by_one) == HOSTS + 1


def test_report_leads_to_a_page_of_each_host(home: tuple[Path, Catalog]) -> None:
    """Every link of the report, of the list and of the pages leads to a file that is there."""
    directory, catalog = home
    (directory / "hosts").mkdir()
    (directory / "hosts" / "of-an-older-run.html").write_text("old")
    finish_report(directory, catalog, "en")
    written = sorted((directory / "hosts").iterdir())
    assert len(written) == HOSTS + 1
    for page in (directory / "report.html", *written):
        links = [str(link["href"]) for link in BeautifulSoup(page.read_text(), "html.parser").select("a")]
        places = [link for link in links if not link.startswith("#")]
        assert len(places) >= 2
        assert all((page.parent / place).is_file() for place in places)


def test_large_fleet_gets_pages_only_when_asked(home: tuple[Path, Catalog], monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the report stays as it came, and `fleetdx report` writes all, in the language asked for."""
    directory, catalog = home
    monkeypatch.setattr(pages, "MOST_WITHOUT_ASKING", HOSTS - 1)
    finish_report(directory, catalog, "en")
    assert (directory / "report.html").read_text() == "as BuildReport has written it"
    arguments = ["report", directory.name, "--output", str(directory.parent), "--language", "ko"]
    answer = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert answer.exit_code == 0
    assert answer.stdout.strip().endswith("beside it: 3")
    assert "서버 취약점 점검 결과 보고서" in (directory / "hosts" / "index.html").read_text()


def test_run_without_a_catalog_is_refused(home: tuple[Path, Catalog]) -> None:
    """A run that was brought home before there were host pages has no catalog beside it."""
    with pytest.raises(Exception, match=r"catalog\.json"):
        CliRunner().invoke(app, ["report", home[0].name, "--output", str(home[0].parent)], catch_exceptions=False)
