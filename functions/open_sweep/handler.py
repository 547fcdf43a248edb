"""OpenSweep: refuse a coverage request that breaks its schema, or complete it and list the account-regions.

An account that nobody can enter is told by name, never left out. Raises InvalidRequest, RequesterRefused and
OperatorsUnreadable (nothing was started), and AccessDenied where the central account may not read the organization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from fleetdx import keys
from fleetdx.admission import admit, around, who_asks
from fleetdx.coverage.lines import Place, target_line
from fleetdx.coverage.requests import complete_coverage_request
from fleetdx.entrypoint import entrypoint
from fleetdx.events import Execution, OpenedSweep, SweepTarget
from fleetdx.operators import Asked
from fleetdx.organizations import management_account
from fleetdx.run_ids import rfc3339, run_id
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.targets import accounts_in_scope

if TYPE_CHECKING:
    from fleetdx.admission import Around
    from fleetdx.coverage.control import CheckedInstance
    from fleetdx.operators import Act
    from fleetdx.organizations import Account


class Input(TypedDict):
    """The request as it was given, and the execution it came with."""

    request: Any
    execution: Execution


class Output(OpenedSweep):
    """The opened sweep, and where its account-regions lie; `accounts` counts those that can be entered."""

    bucket: str
    key: str
    targets: int
    accounts: int


def run(
    event: Input, data: Bucket, default_regions: list[str], asking: Around, *, with_management: bool = True
) -> Output:
    """Write the completed request and targets.json, and the lines of accounts that are not entered.

    Args:
        event: The request.
        data: The data bucket.
        default_regions: What a request without regions means.
        asking: What is known of who asks, and the organization.
        with_management: Whether fleetdx is deployed to the management account too.
    """
    request = complete_coverage_request(event["request"], default_regions)
    execution = event["execution"]
    requester = who_asks(data, execution, event["request"], asking)
    act: Act = "mend" if request["mend"] else "coverage"
    admit(data, requester, Asked(act, request["scope"], frozenset(request["regions"])), asking)
    opened: OpenedSweep = {
        "sweep": run_id(execution),
        "mend": request["mend"],
        "notify": request["notify"],
        "requester": requester.arn,
        "requester_kind": requester.kind,
        "started_at": rfc3339(execution["started_at"]),
    }
    management = management_account(asking.organization())
    targets: list[SweepTarget] = []
    for account in accounts_in_scope(request["scope"], asking.organization()):
        for region in request["regions"]:
            if account.status == "ACTIVE" and (with_management or account.id != management):
                targets.append(
                    {
                        "sweep": opened["sweep"],
                        "account": account.id,
                        "account_name": account.name,
                        "region": region,
                    }
                )
            else:
                _record_closed(opened, account, region, data)
    key = keys.coverage_targets(opened["sweep"])
    data.put_json(keys.coverage_request(opened["sweep"]), {**opened, "request": request})
    data.put_json(key, list(targets))
    accounts = len({target["account"] for target in targets})
    return {**opened, "bucket": data.name, "key": key, "targets": len(targets), "accounts": accounts}


def _record_closed(opened: OpenedSweep, account: Account, region: str, data: Bucket) -> None:
    """Say why nobody looks at an account; a stranger alone is a gap.

    Nothing runs in a suspended one, and whoever deployed has left the management account out.
    """
    place = Place(opened["sweep"], account.id, account.name, region, opened["started_at"])
    if account.status == "UNKNOWN":
        line = target_line(place, None, "account_not_in_organization", "The organization has no such account.")
    elif account.status == "ACTIVE":
        detail = "The deployment leaves the management account out; nobody looks into it."
        line = target_line(place, 0, "management_account_excluded", detail)
    else:
        line = target_line(place, 0, "account_suspended", "AWS lets nobody into a suspended or closing account.")
    part: CheckedInstance = {"line": line, "is_recovery_server": False, "registered_at": None}
    data.put_lines(keys.coverage_part(place.sweep, place.account, place.region), [part])


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    included = setting("MANAGEMENT_ACCOUNT") == "included"
    regions = setting("REGIONS").split(",")
    return run(event, data, regions, around(session), with_management=included)
