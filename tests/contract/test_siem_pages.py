"""The pages on SIEMs say what the feeds do."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from fleetdx.feeds.asff import finding_of
from fleetdx.feeds.imported import REFRESH_AFTER
from fleetdx.feeds.models import ChangeKind
from fleetdx.feeds.ocsf import document_of
from fleetdx.models import VERDICTS
from tests.fakes.feeds import LATER, WAIVER, compared, known_after, place_line, result, words
from tools.sources import PROJECT

PAGES = ("siem.md", "siem.ko.md")


def rows(page: str, heading_cells: int) -> list[list[str]]:
    """The rows of every table of that many columns, without marks of code."""
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    lines = [line.strip("| ").replace("`", "").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [line for line in lines if len(line) == heading_cells]


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_verdicts_is_what_is_emitted(page: str) -> None:
    """Each verdict's row has the numbers and words of the documents that are made of it."""
    told = {row[0]: row[1:] for row in rows(page, 5)}
    for verdict in VERDICTS:
        (found,) = compared([result(verdict=verdict)])
        wording = words().of(found.observation)
        document, finding = document_of(found, wording), finding_of(found, wording)
        compliance = document["compliance"]
        severity = f"{document['severity']} ({document['severity_id']})"
        compliant, status, shown, asff = told[verdict]
        assert compliant == f"{compliance['status']} ({compliance['status_id']})"
        assert status == f"{document['status']} ({document['status_id']})"
        assert shown == severity or (severity == "High (4)" and "(" not in shown)
        assert asff == finding["Compliance"]["Status"]


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_changes_is_what_is_emitted(page: str) -> None:
    """Each change's row has the activity and status of its documents, and its record state."""
    told = {row[0]: row[2:] for row in rows(page, 4) if row[0] in get_args(ChangeKind)}
    known = known_after(compared([result()]))
    found = [
        *compared([result()]),
        *(each for verdict in VERDICTS for each in compared([result(verdict=verdict, at=LATER)], earlier=known)),
        *compared(ledger=[place_line(0)], earlier=known),
    ]
    assert {each.kind for each in found} == told.keys() == set(get_args(ChangeKind))
    for each in found:
        wording = words().of(each.observation)
        document, finding = document_of(each, wording), finding_of(each, wording)
        activity, asff = told[str(each.kind)]
        assert activity == f"{document['activity_name']}, {document['status']}"
        assert asff.endswith(finding["RecordState"])


@pytest.mark.parametrize("page", PAGES)
def test_every_field_is_told(page: str) -> None:
    """Every top-level field of a document is named on the page, alone or as the beginning of a group."""
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    (found,) = compared([result(reason="x" * 9_000)])
    document = document_of(found, words().of(found.observation))
    groups = {name.partition("_")[0] for name in re.findall(r"`(\w+_)\*`", text)}
    boilerplate = {"category_uid", "category_name", "class_uid", "class_name", "message"}
    for name in document.keys() - boilerplate:
        assert re.search(rf"`{name}\b", text) or name.partition("_")[0] in groups, name


@pytest.mark.parametrize("page", PAGES)
def test_figures_are_the_codes(page: str) -> None:
    """The days of a refresh are the code's, and each page leads to the other and to the OpenSearch files."""
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    assert re.search(rf"\b{REFRESH_AFTER.days}(일| days)", text)
    assert next(other for other in PAGES if other != page) in text
    assert "siem/opensearch/README.md" in text
    (waived,) = compared([result(waiver=WAIVER)])
    document = document_of(waived, words().of(waived.observation))
    assert f"{document['status']} ({document['status_id']})" in text
    assert "fleetdx/waiver" in text
    assert (PROJECT / "siem" / "opensearch" / "README.md").exists()
