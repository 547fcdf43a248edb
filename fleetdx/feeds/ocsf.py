"""OCSF Compliance Findings (class 2003): one document, one line of JSON, for each comparison.

Of version 1.6.0, which is what Security Hub's own OCSF findings have (its guide, "OCSF findings"), and the first since
`compliance.status_details` is a list. Consumers of an older 1.x read it too: minor versions only add.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from fleetdx.feeds.models import CLOSED
from fleetdx.feeds.ocsf_objects import (
    SEVERITIES,
    Document,
    Named,
    cloud,
    compliance,
    evidence_of,
    finding_info,
    metadata,
    milliseconds,
    resources_of,
    waiver_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fleetdx.feeds.models import Compared, Observation, Wording
    from fleetdx.feeds.wording import Words
    from fleetdx.models import Language, Verdict

CATEGORY: Final = 2
CLASS: Final = 2003
INFORMATIONAL: Final[Named] = (1, "Informational")
NEW, SUPPRESSED, RESOLVED, ARCHIVED = (1, "New"), (3, "Suppressed"), (4, "Resolved"), (5, "Archived")
CREATE, UPDATE, CLOSE = (1, "Create"), (2, "Update"), (3, "Close")
WITHOUT_ISSUE: Final[frozenset[Verdict]] = frozenset({"pass", "not_applicable"})
OTHER_LANGUAGE: Final[Mapping[Language, Language]] = {"en": "ko", "ko": "en"}


def lines(compared: Iterable[Compared], words: Words, language: Language = "en") -> Iterator[str]:
    """One line of JSON for each comparison, without a line feed.

    `<`, `>` and `&` are escaped, so that a line that is pasted into a page begins no tag; the values are the same.
    """
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for each in compared:
        text = encode(document_of(each, words.of(each.observation), language))
        yield text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def document_of(compared: Compared, wording: Wording, language: Language = "en") -> Document:
    """The OCSF document of a comparison, its sentences in a language, titles and remedy in the other one besides."""
    seen = compared.observation
    account, evidence, resources = cloud(seen), evidence_of(seen), resources_of(seen)
    judged, waiver = compliance(seen, wording, language), waiver_of(seen)
    is_cut = any(part.is_cut for part in (account, evidence, judged, resources, waiver))
    document: Document = {
        **_kind_of_event(compared),
        **_weight_of(compared, wording),
        "time": milliseconds(seen.at),
        "message": f"{wording.title[language]}: {judged.document['status']}",
        "cloud": account.document,
        "compliance": judged.document,
        "finding_info": finding_info(compared, wording, language),
        "resources": resources.document["list"],
        "metadata": metadata(seen, language, is_cut=is_cut),
        "unmapped": _unmapped(compared, wording, language) | waiver.document,
    }
    if compared.failing_since:
        document |= {"start_time": milliseconds(compared.failing_since), "end_time": milliseconds(seen.at)}
    if wording.remedy[language]:
        document["remediation"] = {"desc": wording.remedy[language]}
    if evidence.document:
        document["evidences"] = [evidence.document]
    return document


def _kind_of_event(compared: Compared) -> Document:
    number, name = CREATE if compared.kind == "new" else CLOSE if compared.kind in CLOSED else UPDATE
    return {
        "activity_id": number,
        "activity_name": name,
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Compliance Finding",
        "type_uid": CLASS * 100 + number,
        "type_name": f"Compliance Finding: {name}",
    }


def _weight_of(compared: Compared, wording: Wording) -> Document:
    severity, status = _severity_of(compared.observation, wording), _status_of(compared)
    return {"severity_id": severity[0], "severity": severity[1], "status_id": status[0], "status": status[1]}


def _status_of(compared: Compared) -> Named:
    if compared.kind == "gone":
        return ARCHIVED
    if compared.observation.waiver is not None:
        return SUPPRESSED
    return RESOLVED if compared.observation.verdict in WITHOUT_ISSUE else NEW


def _severity_of(seen: Observation, wording: Wording) -> Named:
    return INFORMATIONAL if seen.verdict in WITHOUT_ISSUE else SEVERITIES[seen.severity or wording.severity]


def _unmapped(compared: Compared, wording: Wording, language: Language) -> Document:
    seen, other = compared.observation, OTHER_LANGUAGE[language]
    found: Document = {
        "change": compared.kind or "none",
        "verdict": seen.verdict or "none",
        "title": {other: wording.title[other]},
        "remediation": {other: wording.remedy[other]},
    }
    if seen.bundle:
        found["bundle"] = seen.bundle
    return found
