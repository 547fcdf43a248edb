"""What a real scan of an example host finds goes through both feeds as it is."""

from __future__ import annotations

import itertools
import json
from operator import itemgetter
from typing import Any

import pytest

from bench.feeds import PROFILE, WHOLE, Job, result_lines
from bench.fleet import scanner
from emulator.synthetic.recording import record_all
from fleetdx.feeds import asff, ocsf
from fleetdx.feeds.changes import snapshot
from fleetdx.feeds.observations import of_result
from fleetdx.feeds.wording import Words
from fleetdx.models import LANGUAGES, Language
from tests.fakes import asff as security_hub
from tests.fakes.ocsf import faults, miscaptioned
from tools.bundle import build_bundle

HOST = "debian_12_neglected"
PLACE = itemgetter("AwsAccountId", "ProductArn")


@pytest.fixture(scope="module")
def job() -> Any:
    """Two instances with the results of a neglected host, and the catalog of the real bundle."""
    (recording,) = record_all(scanner(), [HOST])
    return Job(WHOLE, 2, [recording.document["results"]], build_bundle().catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_result_is_a_document_that_ocsf_takes(job: Any, language: Language) -> None:
    """Each result of the whole profile is one valid document, with a title and a remedy of its own."""
    found = list(snapshot(map(of_result, result_lines(job))))
    documents = [json.loads(line) for line in ocsf.lines(found, Words(job.catalog, PROFILE), language)]
    assert len(documents) == len({document["finding_info"]["uid"] for document in documents}) == len(found)
    assert [fault for document in documents for fault in (*faults(document), *miscaptioned(document))] == []
    assert all(document["remediation"]["desc"] and document["finding_info"]["desc"] for document in documents)
    of_one = [document["finding_info"]["title"] for document in documents[: len(documents) // 2]]
    assert len(of_one) == len(set(of_one))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_is_a_finding_that_security_hub_takes(job: Any, language: Language) -> None:
    """Each failure is one finding within the limits of its account and region; its title and remedy are whole."""
    words = Words(job.catalog, PROFILE)
    failed = [each for each in snapshot(map(of_result, result_lines(job))) if each.observation.verdict == "fail"]
    findings = [asff.finding_of(each, words.of(each.observation), language) for each in failed]
    assert len(findings) > 20
    of_place = itertools.groupby(sorted(findings, key=PLACE), key=PLACE)
    batches = [batch for _, each in of_place for batch in asff.in_batches(each, lambda finding: finding)]
    assert [fault for batch in batches for fault in security_hub.faults(batch)] == []
    cut = [finding["ProductFields"].get("fleetdx/cut", "") for finding in findings]
    assert not any("Title" in names or "Remediation" in names for names in cut)
