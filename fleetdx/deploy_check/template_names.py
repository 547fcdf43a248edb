"""The names that the central template gives to what it makes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = re.compile(r"^  (?=[A-Za-z0-9]+:$)", re.MULTILINE)
_NAME: Final = re.compile(r"^      (BucketName|RoleName): (?:!Sub )?'?([^\s']+)'?$", re.MULTILINE)
_CONDITION: Final = re.compile(r"^    Condition: (\w+)$", re.MULTILINE)
LOCK: Final = "HasObjectLock"


@dataclass(frozen=True)
class Names:
    """Buckets and roles, as the template names them in one account and region."""

    buckets: tuple[str, ...]
    roles: frozenset[str]


def names_in(template: str, account: str, region: str, *, has_lock: bool) -> Names:
    """What is made in an account and region; of what hangs on a condition, only the bucket of locked evidence.

    Args:
        template: The text of templates/central.yaml.
        account: The central account.
        region: Its home region.
        has_lock: Whether evidence is locked.
    """
    found: dict[str, list[str]] = {"BucketName": [], "RoleName": []}
    for block in _BLOCK.split(template):
        name, condition = _NAME.search(block), _CONDITION.search(block)
        if name is None or (condition is not None and not (has_lock and condition.group(1) == LOCK)):
            continue
        full = name.group(2).replace("${AWS::AccountId}", account).replace("${AWS::Region}", region)
        found[name.group(1)].append(full)
    return Names(tuple(found["BucketName"]), frozenset(found["RoleName"]))
