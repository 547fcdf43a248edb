"""Exemptions from mending in a sweep: an instance that is left alone on purpose is told as such. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from fleetdx.coverage.changes import is_unmanaged
from fleetdx.coverage.judgement import Judgement, Rules, role_of
from fleetdx.exemptions import Rules as ExemptionRules
from fleetdx.exemptions import Subject, verdict_on
from fleetdx.inventory import tags_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fleetdx.operator_documents import Documents


def exempted(
    judged: Mapping[str, Judgement],
    instances: Iterable[Mapping[str, Any]],
    rules: Rules,
    account: str,
    documents: Documents,
    units: Callable[[], frozenset[str]],
) -> dict[str, Judgement]:
    """The judgements, with `exempt` in the place of what somebody would else have to look after.

    Args:
        judged: By instance id.
        instances: EC2's descriptions.
        rules: What holds in the account-region.
        account: 12 digits.
        documents: Configuration and exemptions; what cannot be read exempts nothing.
        units: Asks for the organizational units above the account, where an entry names one.
    """
    if not documents.exemptions:
        return dict(judged)
    told = ExemptionRules(documents.configuration.protected_tag_prefix, documents.configuration.maximum_days)
    moment, found = dt.datetime.now(dt.UTC), dict(judged)
    asked: list[frozenset[str]] = []

    def units_once() -> frozenset[str]:
        if not asked:
            asked.append(units())
        return asked[0]

    for instance in instances:
        identifier = instance["InstanceId"]
        if not is_unmanaged(judged[identifier].cause):
            continue
        role = role_of(instance, rules)
        subject = Subject(account, identifier, role.name if role else "", tuple(tags_of(instance)), units_once)
        verdict = verdict_on(subject, documents.exemptions, told, moment)
        if verdict.standing == "exempt":
            found[identifier] = Judgement(
                "exempt", "exempted", f"{verdict.sentence}. Else: {judged[identifier].detail}"
            )
    return found
