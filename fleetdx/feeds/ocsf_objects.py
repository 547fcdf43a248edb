"""The objects inside an OCSF document: metadata, cloud, compliance, resources, evidences."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fleetdx.feeds.arns import account_arn, image_arn, instance_arn, partition_of
from fleetdx.feeds.foreign import identifier, told
from fleetdx.feeds.models import NO_INSTANCE, PRODUCT_NAME, PRODUCT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.feeds.models import Compared, FindingKey, Observation, Wording
    from fleetdx.models import Language, Severity, Verdict

VERSION: Final = "1.6.0"
AWS_ACCOUNT: Final = 10
MOST_UID: Final = 512
"""What ASFF takes as an Id, and OpenSearch as an _id."""
MOST_NAME: Final = 256
MOST_SENTENCE: Final = 2_000
MOST_LINE: Final = 1_000
MOST_LINES: Final = 50
BYTES_OF_A_KILOBYTE: Final = 1_000

Named = tuple[int, str]
"""An OCSF enumeration's value and its caption."""

COMPLIANCE: Final[Mapping[Verdict | None, Named]] = {
    "pass": (1, "Pass"),
    "fail": (3, "Fail"),
    "manual": (2, "Warning"),  # OCSF: "did not yield a result due to missing information"; a person has to add it
    "error": (0, "Unknown"),
    "not_applicable": (99, "not_applicable"),
    None: (0, "Unknown"),
}
SEVERITIES: Final[Mapping[Severity, Named]] = {"high": (4, "High"), "medium": (3, "Medium"), "low": (2, "Low")}
TARGET, RELATED = (1, "Target"), (4, "Related")

Document = dict[str, Any]


class Parts(NamedTuple):
    """What of a document foreign text may have left its mark on."""

    document: Document
    is_cut: bool


def finding_uid(key: FindingKey) -> str:
    """The id of a finding, the same in every run: account/region/instance/item/check, each part quoted as in a URL.

    One that is longer than a key can be, which only a broken catalog makes, is told by its SHA-256.
    """
    uid = "/".join(identifier(part) for part in key)
    return uid if len(uid) <= MOST_UID else hashlib.sha256(uid.encode()).hexdigest()


def metadata(seen: Observation, language: Language, *, is_cut: bool) -> Document:
    """Which product told it, in which run, and whether texts were cut."""
    told_by = "sweep" if seen.source == "sweep" else "run"
    found: Document = {
        "version": VERSION,
        "product": {
            "name": PRODUCT_NAME,
            "vendor_name": PRODUCT_NAME,
            "version": PRODUCT_VERSION,
            "lang": language,
            "feature": {"name": seen.source},
        },
        "profiles": ["cloud"],
        "uid": f"{seen.run}/{finding_uid(seen.key)}",
        "correlation_uid": seen.run,
        "event_code": f"{told_by}/{seen.key.check}",
        "log_name": seen.profile or seen.source,
        "original_time": seen.at,
        "is_truncated": is_cut,
    }
    if is_cut:
        found["untruncated_size"] = _untruncated_kilobytes(seen)
    return found


def _untruncated_kilobytes(seen: Observation) -> int:
    characters = len(seen.reason) + len(seen.detail) + sum(map(len, seen.evidence))
    return max(1, round(characters / BYTES_OF_A_KILOBYTE))


def cloud(seen: Observation) -> Parts:
    """The account and the region; the account's name is its owner's word."""
    account: Document = {"uid": seen.key.account, "type_id": AWS_ACCOUNT, "type": "AWS Account"}
    name = told(seen.account_name, MOST_NAME)
    if name.text:
        account["name"] = name.text
    region = seen.key.region
    place = {"provider": "AWS", "account": account, "region": region, "cloud_partition": partition_of(region)}
    return Parts(place, name.is_cut)


def compliance(seen: Observation, wording: Wording, language: Language) -> Parts:
    """What was judged, with the check that did, and Security Hub's own where a sweep asked it."""
    number, caption = COMPLIANCE[seen.verdict]
    severity = SEVERITIES[seen.severity or wording.severity]
    check: Document = {
        "uid": seen.key.check,
        "name": wording.check_title[language],
        "status_id": number,
        "status": caption,
        "severity_id": severity[0],
        "severity": severity[1],
    }
    details = [told(text, MOST_SENTENCE) for text in (seen.reason, seen.detail) if text]
    found: Document = {
        "control": seen.key.item,
        "status_id": number,
        "status": caption,
        "checks": [check, *_control_check(seen)],
        "status_details": [detail.text for detail in details],
    }
    if seen.source != "check":
        found["status_code"] = seen.reason
    if wording.category:
        found["category"] = wording.category
    if wording.standard[language]:
        found["standards"] = [wording.standard[language]]
    return Parts(found, any(detail.is_cut for detail in details))


def _control_check(seen: Observation) -> list[Document]:
    """What Security Hub's own control says, beside what the sweep found."""
    if seen.control_status is None:
        return []
    statuses = {"PASSED": (1, "Pass"), "WARNING": (2, "Warning"), "FAILED": (3, "Fail")}
    number, caption = statuses.get(seen.control_status, (0, "Unknown"))
    return [{"uid": "SecurityHub/SSM.1", "name": "SSM.1", "status_id": number, "status": caption}]


def finding_info(compared: Compared, wording: Wording, language: Language) -> Document:
    """What the finding is, and when it was first and last seen."""
    seen = compared.observation
    found: Document = {
        "uid": finding_uid(seen.key),
        "title": wording.title[language],
        "types": ["host configuration" if seen.source == "check" else "coverage gap"],
        "last_seen_time": milliseconds(seen.at),
    }
    if compared.first_seen:
        found["first_seen_time"] = milliseconds(compared.first_seen)
    if wording.rationale[language]:
        found["desc"] = wording.rationale[language]
    return found


def resources_of(seen: Observation) -> Parts:
    """The instance and its AMI, or the account of what is about an account-region; under the key `list`."""
    account, region, instance = seen.key.account, seen.key.region, seen.key.instance
    common = {"region": region, "cloud_partition": partition_of(region)}
    if instance == NO_INSTANCE:
        own = {"uid": account_arn(account, region), "type": "AWS::::Account", "role_id": TARGET[0], "role": TARGET[1]}
        return Parts({"list": [own | common]}, is_cut=False)
    target: Document = {
        "uid": instance_arn(account, region, identifier(instance)),
        "type": "AWS::EC2::Instance",
        "role_id": TARGET[0],
        "role": TARGET[1],
        **common,
    }
    name = told(seen.instance_name or "", MOST_NAME)
    if name.text:
        target["name"] = name.text
    found = [target]
    if seen.ami:
        image = {"uid": image_arn(region, identifier(seen.ami)), "type": "AWS::EC2::Image"}
        found.append({**image, "role_id": RELATED[0], "role": RELATED[1], **common})
    return Parts({"list": found}, name.is_cut)


def evidence_of(seen: Observation) -> Parts:
    """The lines that a verdict rests on; empty where there are none."""
    kept = [told(line, MOST_LINE) for line in seen.evidence[:MOST_LINES]]
    if not kept:
        return Parts({}, is_cut=False)
    is_cut = len(seen.evidence) > MOST_LINES or any(line.is_cut for line in kept)
    return Parts({"name": "configuration", "data": {"lines": [line.text for line in kept]}}, is_cut)


def waiver_of(seen: Observation) -> Parts:
    """Who accepts the finding, until when and why, under the key `waiver`; OCSF has no place for it. Empty without."""
    waiver = seen.waiver
    if waiver is None:
        return Parts({}, is_cut=False)
    names = {name: told(str(text), MOST_NAME) for name, text in waiver.items() if name != "reason" and text}
    texts = {**names, "reason": told(waiver["reason"], MOST_SENTENCE)}
    is_cut = any(text.is_cut for text in texts.values())
    return Parts({"waiver": {name: text.text for name, text in texts.items()}}, is_cut)


@functools.lru_cache(maxsize=4_096)
def milliseconds(moment: str) -> int:
    """Milliseconds since 1970 of an RFC 3339 moment.

    Raises:
        ValueError: It is no moment; our own lines always have one.
    """
    read = dt.datetime.fromisoformat(moment)
    return round((read if read.tzinfo else read.replace(tzinfo=dt.UTC)).timestamp() * 1_000)
