"""The options of `fleetdx scan` become the request that they name, or are refused beside one that says it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fleetdx.cli.problems import UsageProblem
from fleetdx.cli.scan_request import EmbeddedOptions, ScanOptions, existing_run, request_from
from fleetdx.errors import InvalidRequest

if TYPE_CHECKING:
    from pathlib import Path

SEOUL = ("ap-northeast-2",)
RUN = "20261123T021500Z-3fa9c1"


def test_delivery_and_attempts_go_into_the_request(tmp_path: Path) -> None:
    """What is typed stands in the request; what is not has the schema's default."""
    typed = request_from(ScanOptions(delivery="inline", max_attempts=1), SEOUL, (), tmp_path)
    assert (typed["delivery"], typed["max_attempts"]) == ("inline", 1)
    silent = request_from(ScanOptions(), SEOUL, (), tmp_path)
    assert (silent["delivery"], silent["max_attempts"]) == ("auto", 3)


@pytest.mark.parametrize("attempts", [0, 6, -1])
def test_a_number_of_attempts_out_of_bounds_is_refused(tmp_path: Path, attempts: int) -> None:
    """Also one that Python takes for nothing is refused, and not left out."""
    with pytest.raises(InvalidRequest) as refused:
        request_from(ScanOptions(max_attempts=attempts), SEOUL, (), tmp_path)
    assert refused.value.pointer == "/max_attempts"


@pytest.mark.parametrize(
    ("options", "name"),
    [(ScanOptions(delivery="s3"), "--delivery"), (ScanOptions(max_attempts=2), "--max-attempts")],
)
def test_a_run_that_exists_has_its_own(tmp_path: Path, options: ScanOptions, name: str) -> None:
    """A resumption takes delivery and attempts from its run's records."""
    with pytest.raises(UsageProblem, match=name):
        existing_run(options, EmbeddedOptions(tmp_path), resume=RUN, stop=None)


@pytest.mark.parametrize(
    ("given", "asked"),
    [((), ["xlsx", "csv", "ocsf"]), (("csv", "csv", "ocsf_full"), ["csv", "ocsf_full"]), (("none",), [])],
)
def test_exports_are_those_named(tmp_path: Path, given: tuple[str, ...], asked: list[str]) -> None:
    """Each --export is asked for once, `none` alone asks for nothing, silence leaves it to the request."""
    assert request_from(ScanOptions(exports=given), SEOUL, (), tmp_path)["exports"] == asked


def test_no_export_and_an_export_contradict_each_other(tmp_path: Path) -> None:
    """Beside another name, `none` is refused at its option."""
    with pytest.raises(UsageProblem, match="--export"):
        request_from(ScanOptions(exports=("none", "csv")), SEOUL, (), tmp_path)
