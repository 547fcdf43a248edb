"""What Security Hub has against a batch: botocore's shape of BatchImportFindings, and the limits of its documentation.

Limits: Security Hub CSPM's API reference, `AwsSecurityFinding`, `Recommendation`, `Resource`, `BatchImportFindings`.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from botocore.session import Session
from botocore.validate import ParamValidator

from fleetdx.feeds.foreign import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fleetdx.feeds.asff import Finding

LIMITS = {"Id": 512, "ProductArn": 2_048, "GeneratorId": 512, "Title": 256, "Description": 1_024}
COMPLIANCE = {"PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"}
LABELS = {"INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"}


@functools.lru_cache(maxsize=1)
def _shape() -> Any:
    return Session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape


def faults(batch: Sequence[Finding]) -> Iterator[str]:
    """What is wrong with a batch."""
    report = ParamValidator().validate({"Findings": batch}, _shape())
    if report.has_errors():
        yield report.generate_report()
    body = json.dumps({"Findings": batch})
    if not 1 <= len(batch) <= 100 or len(body) > 6 * 1024 * 1024:
        yield f"{len(batch)} findings, {len(body)} bytes"
    ids = [finding["Id"] for finding in batch]
    if len(set(ids)) != len(ids):
        yield "an Id is there twice"
    for finding in batch:
        yield from _faults_of(finding, batch[0])


def _faults_of(finding: Any, first: Any) -> Iterator[str]:
    if (finding["AwsAccountId"], finding["ProductArn"]) != (first["AwsAccountId"], first["ProductArn"]):
        yield "a finding of another account or region"
    if len(json.dumps(finding)) > 240_000:
        yield f"{finding['Id']} is larger than 240 KB"
    if finding["Compliance"]["Status"] not in COMPLIANCE or finding["RecordState"] not in {"ACTIVE", "ARCHIVED"}:
        yield "a status that is none"
    if finding["FindingProviderFields"]["Severity"]["Label"] not in LABELS:
        yield "a label that is none"
    texts = {name: (finding[name], limit) for name, limit in LIMITS.items()}
    fields = finding["ProductFields"]
    if "Remediation" in finding:
        texts["Remediation"] = (finding["Remediation"]["Recommendation"]["Text"], 512)
    texts |= {name: (text, 2_048) for name, text in fields.items()}
    texts |= {f"name {name}": (name, 128) for name in fields}
    yield from (f"{name} has {units(text)} characters" for name, (text, limit) in texts.items() if units(text) > limit)
    yield from (f"{name} is blank" for name, (text, _) in texts.items() if not text.strip())
    if len(fields) > 50:
        yield "more than 50 fields"
