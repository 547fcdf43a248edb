"""ASFF findings: what botocore and the documented limits of BatchImportFindings take, and what is sent when."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from fleetdx.feeds.asff import MOST_BATCH_BYTES, FindingTooLarge, finding_of, in_batches
from fleetdx.feeds.changes import only_news
from tests.fakes.asff import faults
from tests.fakes.ec2 import instance_id
from tests.fakes.feeds import (
    ACCOUNT,
    AT,
    LATER,
    SEOUL,
    WAIVER,
    compared,
    gaps,
    instance_line,
    known_after,
    place_line,
    result,
    words,
)


def imported(found: Any) -> list[Any]:
    """The batches of what is news, each one as botocore and Security Hub's limits take it."""
    wording = words()
    findings = [finding_of(each, wording.of(each.observation)) for each in only_news(found)]
    told = list(in_batches(findings, lambda finding: finding))
    assert [fault for batch in told for fault in faults(batch)] == []
    return told


def only(found: Any) -> Any:
    """The only finding of the only batch."""
    ((finding,),) = imported(found)
    return finding


def test_botocore_refuses_what_is_wrong() -> None:
    """The check that the other tests rest on sees a missing field and a wrong type."""
    shape = Session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
    (batch,) = imported(compared([result()]))
    del batch[0]["Title"]
    batch[0]["Resources"] = "one"
    report = ParamValidator().validate({"Findings": batch}, shape).generate_report()
    assert "Title" in report
    assert "Resources" in report


def test_a_new_failure_is_imported_into_its_own_account() -> None:
    """A finding goes to the default product of the account and region that it belongs to."""
    finding = only(compared([result()]))
    assert finding["AwsAccountId"] == ACCOUNT
    assert finding["ProductArn"] == f"arn:aws:securityhub:{SEOUL}:{ACCOUNT}:product/{ACCOUNT}/default"
    assert finding["Resources"][0]["Id"] == f"arn:aws:ec2:{SEOUL}:{ACCOUNT}:instance/{instance_id(1)}"
    assert finding["Resources"][0]["Details"]["AwsEc2Instance"]["ImageId"] == "ami-0a1b2c3d4e5f60718"
    assert (finding["Compliance"]["Status"], finding["RecordState"]) == ("FAILED", "ACTIVE")
    assert finding["FindingProviderFields"]["Severity"] == {"Label": "HIGH"}
    assert finding["Remediation"]["Recommendation"]["Text"] == "Do it."
    assert finding["ProductFields"]["fleetdx/evidence"] == "/etc/ssh/sshd_config:3: PermitRootLogin yes"


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("ap-northeast-2", "aws")]
)
def test_arns_name_the_partition(region: str, partition: str) -> None:
    """In China and in GovCloud every ARN has the partition of its region."""
    finding = only(compared([result(region=region)]))
    assert finding["ProductArn"].startswith(f"arn:{partition}:securityhub:{region}:")
    assert finding["Resources"][0]["Partition"] == partition


def test_a_finding_is_updated_and_archived_not_doubled() -> None:
    """Id and CreatedAt stay while UpdatedAt moves; what is fixed is archived; Workflow is never written."""
    first = compared([result()])
    fixed = compared([result(verdict="pass", at=LATER)], earlier=known_after(first))
    before, after = only(first), only(fixed)
    assert (before["Id"], before["CreatedAt"]) == (after["Id"], after["CreatedAt"])
    assert (before["UpdatedAt"], after["UpdatedAt"]) == (AT, LATER)
    assert (after["Compliance"]["Status"], after["RecordState"]) == ("PASSED", "ARCHIVED")
    assert after["FindingProviderFields"]["Severity"] == {"Label": "INFORMATIONAL"}
    assert not {"Workflow", "WorkflowState", "Note", "UserDefinedFields", "Severity"} & (before.keys() | after.keys())


def test_what_is_gone_is_archived() -> None:
    """The findings of a terminated instance are archived, and nothing is claimed about compliance."""
    finding = only(compared(ledger=[place_line(0)], earlier=known_after(compared([result()]))))
    assert (finding["RecordState"], finding["Compliance"]["Status"]) == ("ARCHIVED", "NOT_AVAILABLE")


@pytest.mark.parametrize(("verdict", "status"), [("manual", "WARNING"), ("error", "NOT_AVAILABLE")])
def test_what_is_not_judged_stays_active(verdict: Any, status: str) -> None:
    """A failure that cannot be judged any more is neither passed nor archived."""
    finding = only(compared([result(verdict=verdict, at=LATER)], earlier=known_after(compared([result()]))))
    assert (finding["Compliance"]["Status"], finding["RecordState"]) == (status, "ACTIVE")


def test_a_waived_finding_says_by_whom() -> None:
    """A finding that somebody accepts still fails; whether Security Hub suppresses it is a rule of its owner's."""
    finding = only(compared([result(waiver=WAIVER)]))
    assert (finding["Compliance"]["Status"], finding["RecordState"]) == ("FAILED", "ACTIVE")
    assert finding["ProductFields"]["fleetdx/waiver"] == (
        "W-1 until 2027-01-31T00:00:00Z, owner team-a, approver security, ticket SEC-1: It is replaced in January."
    )


def test_batches_have_at_most_a_hundred_findings() -> None:
    """A call of BatchImportFindings takes no more."""
    told = imported(compared([result(number) for number in range(1, 202)]))
    assert [len(batch) for batch in told] == [100, 100, 1]


def test_the_largest_findings_keep_the_limits() -> None:
    """Texts that are all as large as they may be, in characters that take the most bytes, fit a batch."""
    huge = "\U0001f512" * 5_000
    found = compared([result(number, reason=huge, evidence=[huge] * 99, account_name=huge) for number in range(1, 101)])
    told = imported(found)
    assert sum(len(batch) for batch in told) == 100
    assert max(len(json.dumps(batch)) for batch in told) <= MOST_BATCH_BYTES


def test_what_is_cut_is_named() -> None:
    """A text beyond ASFF's limit says itself that it is cut, and the finding names the fields."""
    finding = only(compared([result(reason="r" * 4_000, evidence=["e" * 1_500, "f" * 1_500])]))
    assert len(finding["Description"]) == 1_024
    assert finding["Description"].endswith("… (cut, 4,012 characters)")
    assert finding["ProductFields"]["fleetdx/cut"] == "Description, reason, evidence"
    assert "fleetdx/cut" not in only(compared([result()]))["ProductFields"]


@pytest.mark.parametrize("first", [2_045, 2_046, 2_047, 2_048, 2_049])
def test_evidence_that_just_does_not_fit_says_so(first: int) -> None:
    """Whatever the line at which the room ends, what is left off is said, with how much there was."""
    fields = only(compared([result(evidence=["e" * first, "", "f"])]))["ProductFields"]
    if first + 3 <= 2_048:
        assert fields["fleetdx/evidence"] == "e" * first + "\n\nf"
        assert "fleetdx/cut" not in fields
    else:
        assert fields["fleetdx/evidence"].endswith(f"(cut, {first + 3:,} characters)")
        assert fields["fleetdx/cut"] == "evidence"


def test_a_batch_ends_before_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where findings were larger, fewer of them would make a batch, and one that is too large alone is refused."""
    found = compared([result(number) for number in range(1, 11)])
    monkeypatch.setattr("fleetdx.feeds.asff.MOST_BATCH_BYTES", 5_000)
    told = imported(found)
    assert len(told) > 1
    assert sum(len(batch) for batch in told) == 10
    assert max(len(json.dumps(batch)) for batch in told) <= 5_000
    monkeypatch.setattr("fleetdx.feeds.asff.MOST_FINDING_BYTES", 500)
    with pytest.raises(FindingTooLarge, match="root_ssh_login_denied has [0-9,]+ bytes"):
        imported(found)


def test_gaps_are_findings_of_the_instance_or_the_account() -> None:
    """What was not scanned is imported too, about the instance or about its account."""
    (batch,) = imported(gaps([place_line(None), instance_line(1, "scan_failed", "host_busy", ami=None)]))
    assert [finding["Resources"][0]["Type"] for finding in batch] == ["AwsAccount", "AwsEc2Instance"]
    assert {finding["FindingProviderFields"]["Severity"]["Label"] for finding in batch} == {"MEDIUM"}


def test_a_blank_reason_still_makes_a_finding() -> None:
    """Security Hub refuses blank texts, and a host may send nothing else."""
    finding = only(compared([result(reason=" ", evidence=["", "  "], check="unknown_check", item="U-99")]))
    assert finding["Description"] == "unknown_check"
