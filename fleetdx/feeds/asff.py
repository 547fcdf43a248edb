"""ASFF findings for Security Hub's BatchImportFindings.

A finding is imported from the account and the region that it belongs to, under the default product of that account. Its
Id and CreatedAt stay the same, so that Security Hub updates it; Workflow is the analysts' own and never written. Which
findings are sent is decided in `imported.py`.

Limits: the API reference of Security Hub CSPM, `AwsSecurityFinding` and `BatchImportFindings`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

from fleetdx.feeds.arns import account_arn, image_arn, instance_arn, partition_of
from fleetdx.feeds.foreign import Told, identifier, told
from fleetdx.feeds.models import CLOSED, NO_INSTANCE, PRODUCT_NAME
from fleetdx.feeds.ocsf_objects import finding_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fleetdx.feeds.models import Compared, Observation, Wording
    from fleetdx.models import Language, Severity, Verdict, Waiver

SCHEMA_VERSION: Final = "2018-10-08"
MOST_FINDINGS: Final = 100
MOST_FINDING_BYTES: Final = 240_000
MOST_BATCH_BYTES: Final = 6_000_000
MOST_ID: Final = 512
MOST_TITLE: Final = 256
MOST_DESCRIPTION: Final = 1_024
MOST_REMEDY: Final = 512
MOST_FIELD: Final = 2_048
MOST_NAME: Final = 256
COMMA: Final = 2
"""Bytes between two findings in the body of a request."""

STATUSES: Final[Mapping[Verdict | None, str]] = {
    "pass": "PASSED",
    "fail": "FAILED",
    "manual": "WARNING",  # ASFF: "Some information is missing"; a person has to add it
    "error": "NOT_AVAILABLE",
    "not_applicable": "NOT_AVAILABLE",
    None: "NOT_AVAILABLE",
}
LABELS: Final[Mapping[Severity, str]] = {"high": "HIGH", "medium": "MEDIUM", "low": "LOW"}
HOST_TYPE: Final = "Software and Configuration Checks/Industry and Regulatory Standards"
GAP_TYPE: Final = "Software and Configuration Checks/AWS Security Best Practices"

Finding = dict[str, Any]
Found = TypeVar("Found")


class FindingTooLarge(ValueError):
    """A finding is larger than Security Hub takes; the texts' limits rule it out."""


def in_batches(found: Iterable[Found], finding_in: Callable[[Found], Finding]) -> Iterator[list[Found]]:
    """What is to be imported into one account and region, a list for each call; never more than one is in memory.

    Args:
        found: Anything that holds a finding.
        finding_in: The finding in it.

    Raises:
        FindingTooLarge: Never of findings made here.
    """
    batch: list[Found] = []
    size = 0
    for each in found:
        finding = finding_in(each)
        own_size = size_of(finding) + COMMA
        if own_size > MOST_FINDING_BYTES:
            raise FindingTooLarge(f"{finding['Id']} has {own_size:,} bytes")
        if batch and (len(batch) == MOST_FINDINGS or size + own_size > MOST_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += own_size
    if batch:
        yield batch


def size_of(finding: Finding) -> int:
    """Bytes of a finding in the body of a request, as botocore writes it."""
    return len(json.dumps(finding))


def finding_of(compared: Compared, wording: Wording, language: Language = "en") -> Finding:
    """The ASFF finding of a comparison."""
    seen = compared.observation
    texts = {
        "Title": told(wording.title[language], MOST_TITLE),
        "Description": told(_description(seen, wording, language), MOST_DESCRIPTION),
        "Remediation": told(wording.remedy[language], MOST_REMEDY),
    }
    finding: Finding = {
        **_identity(compared),
        "Title": texts["Title"].text,
        "Description": texts["Description"].text,
        "Resources": [_resource(seen)],
        "Compliance": _compliance(seen, wording, language),
        "FindingProviderFields": {
            "Severity": {"Label": _label(seen, wording)},
            "Types": [HOST_TYPE if seen.source == "check" else GAP_TYPE],
        },
        "RecordState": "ARCHIVED" if compared.kind in CLOSED else "ACTIVE",
        "ProductFields": _product_fields(compared, texts),
    }
    if texts["Remediation"].text.strip():
        finding["Remediation"] = {"Recommendation": {"Text": texts["Remediation"].text}}
    return finding


def _identity(compared: Compared) -> Finding:
    seen = compared.observation
    account, region = seen.key.account, seen.key.region
    return {
        "SchemaVersion": SCHEMA_VERSION,
        "Id": finding_uid(seen.key),
        "ProductArn": f"arn:{partition_of(region)}:securityhub:{region}:{account}:product/{account}/default",
        "GeneratorId": f"{PRODUCT_NAME}/{seen.profile or seen.source}/{identifier(seen.key.check)}"[:MOST_ID],
        "AwsAccountId": account,
        "CreatedAt": compared.first_seen or seen.at,
        "UpdatedAt": seen.at,
        "FirstObservedAt": compared.failing_since or compared.first_seen or seen.at,
        "LastObservedAt": seen.at,
    }


def _description(seen: Observation, wording: Wording, language: Language) -> str:
    parts = (seen.reason if seen.source == "check" else "", seen.detail, wording.rationale[language])
    return " ".join(part for part in parts if part.strip()) or wording.check_title[language]


def _label(seen: Observation, wording: Wording) -> str:
    is_harmless = STATUSES[seen.verdict] == "PASSED" or seen.verdict == "not_applicable"
    return "INFORMATIONAL" if is_harmless else LABELS[seen.severity or wording.severity]


def _compliance(seen: Observation, wording: Wording, language: Language) -> Finding:
    found: Finding = {"Status": STATUSES[seen.verdict]}
    if wording.standard[language]:
        found["RelatedRequirements"] = [told(f"{wording.standard[language]} {seen.key.item}", MOST_NAME).text]
    return found


def _resource(seen: Observation) -> Finding:
    account, region, instance = seen.key.account, seen.key.region, seen.key.instance
    common = {"Partition": partition_of(region), "Region": region}
    if instance == NO_INSTANCE:
        return {"Type": "AwsAccount", "Id": account_arn(account, region), **common}
    found: Finding = {
        "Type": "AwsEc2Instance",
        "Id": instance_arn(account, region, identifier(instance)),
        **common,
    }
    if seen.ami:
        found["Details"] = {"AwsEc2Instance": {"ImageId": identifier(seen.ami)}}
    return found


def _product_fields(compared: Compared, texts: Mapping[str, Told]) -> dict[str, str]:
    """Our own fields, those alone that say something, and in `cut` the names of what was cut."""
    seen = compared.observation
    fields = {
        "run": told(seen.run, MOST_FIELD),
        "change": told(compared.kind or "", MOST_FIELD),
        "verdict": told(seen.verdict or "", MOST_FIELD),
        "reason": told(seen.reason, MOST_FIELD),
        "item": told(seen.key.item, MOST_FIELD),
        "account_name": told(seen.account_name, MOST_NAME),
        "instance_name": told(seen.instance_name or "", MOST_NAME),
        "image": told(image_arn(seen.key.region, identifier(seen.ami)) if seen.ami else "", MOST_FIELD),
        "waiver": told(_waiver(seen.waiver), MOST_FIELD),
        "evidence": _evidence(seen.evidence),
    }
    cut = [name for name, text in {**texts, **fields}.items() if text.is_cut]
    shown = {name: text.text for name, text in fields.items()} | {"cut": ", ".join(cut)}
    return {f"{PRODUCT_NAME}/{name}": text for name, text in shown.items() if text.strip()}


def _waiver(waiver: Waiver | None) -> str:
    if waiver is None:
        return ""
    approved = f"owner {waiver['owner']}, approver {waiver['approver']}, ticket {waiver['ticket']}"
    return f"{waiver['id']} until {waiver['expires_at']}, {approved}: {waiver['reason']}"


def _evidence(evidence: list[str]) -> Told:
    """The lines as one text; no more of them are put together than are sure to be cut."""
    kept: list[str] = []
    room = MOST_FIELD
    for line in evidence:
        if room < -1:
            break
        kept.append(line[: MOST_FIELD + 1])
        room -= len(kept[-1]) + 1
    return told("\n".join(kept), MOST_FIELD, sum(map(len, evidence)) + len(evidence) - 1)
