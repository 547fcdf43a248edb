"""Who asks: records as ProveRequester writes them, rules of operators, and what AWS is asked about requesters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fleetdx import keys
from fleetdx.admission import Around
from fleetdx.proofs import digest_of
from fleetdx.requesters import Requester
from tests.fakes.organizations import FakeOrganizations, account

if TYPE_CHECKING:
    from fleetdx.requesters import Start
    from fleetdx.storage import Bucket

JANE: Final = "arn:aws:sts::999988887777:assumed-role/fleetdx-operator/jane"
NOBODY: Final = Requester("unproven", "arn:aws:states:::execution:fleetdx-scan-fleet:x")
UNIT: Final = "ou-ab12-11111111"


def around(organization: FakeOrganizations | None = None, started: dict[str, list[Start]] | None = None) -> Around:
    """What AWS is asked; `started` tells of executions what they have started, and of no other."""
    known = organization or FakeOrganizations(
        {"r-ab12": [UNIT], UNIT: []}, {"r-ab12": [], UNIT: [account("111122223333", "trading")]}, "999988887777"
    )
    return Around(lambda: known, (started or {}).get)  # type: ignore[arg-type,return-value]


def prove(data: Bucket, execution: dict[str, str], request: Any, arn: str = JANE, /, **other: Any) -> None:
    """Write down that somebody has proven to ask for an execution."""
    record = {
        "schema": 1,
        "execution": execution["id"],
        "request_sha256": digest_of(request),
        "arn": arn,
        "user_id": "AROAEXAMPLE:jane",
        "at": execution["started_at"][:19] + "Z",
    }
    data.put_json(keys.requester(execution["name"]), record | other)


def rules(data: Bucket, *operators: dict[str, Any]) -> None:
    """Write the rules; each is of Jane's role and the whole organization, but for what is given."""
    pattern = "arn:aws:sts::999988887777:assumed-role/fleetdx-operator/*"
    made = [
        {"id": f"rule-{number}", "requesters": [pattern], "scope": {"organization": True}, **one}
        for number, one in enumerate(operators)
    ]
    data.put_json(keys.OPERATORS, {"schema": 1, "operators": made})
