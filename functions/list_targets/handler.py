"""ListTargets: write the account-regions of a request to S3, where the Distributed Map reads them.

An account that cannot be entered is told in the ledger by name, never left out. Raises AccessDenied where the central
account may not read the organization, InvalidRequest where a unit does not exist or the canary leaves the scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import InvalidRequest, RecordMissing
from fleetdx.events import OpenedRun, TargetEvent
from fleetdx.ledger import Outcome, Place, target_line
from fleetdx.organizations import Account, management_account
from fleetdx.resumption import is_finished
from fleetdx.run_records import RunRecords
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket
from fleetdx.targets import accounts_in_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from types_boto3_organizations.client import OrganizationsClient

    from fleetdx.canary import Canary
    from fleetdx.requests import ScanRequest

NOT_A_MEMBER = Outcome("scan_failed", "account_not_in_organization", "The organization has no such account.")
SUSPENDED = Outcome("unsupported", "account_suspended", "AWS lets nobody into a suspended or closing account.")
LEFT_OUT = Outcome(
    "excluded", "management_account_excluded", "The deployment leaves the management account out; nobody enters it."
)


class Input(OpenedRun):
    """The opened run."""


class Output(TypedDict):
    """Where the targets lie and how many there are; `accounts` counts those that can be entered."""

    bucket: str
    key: str
    targets: int
    accounts: int


class Target(TargetEvent):
    """One account-region: the input of one execution of scan_target, with the name that this execution gets.

    SelectWave says otherwise where the canary goes: how many hosts (0 means all), and whether it was there before; and
    until when it may be entered (RFC 3339), where windows close.
    """

    execution_name: str
    management: bool
    instances: list[str]
    canary_instances: int
    after_canary: bool
    starts_before: str | None


def regions_of(account: str, request: ScanRequest) -> list[str]:
    """The regions to look at in an account: where instances are named, only theirs."""
    named = request["scope"].get("instances")
    if not named:
        return request["regions"]
    return sorted({name.split("/")[1] for name in named if name.startswith(f"{account}/")})


def run(
    event: Input, data: Bucket, organization: Callable[[], OrganizationsClient], *, with_management: bool = True
) -> Output:
    """Write targets.json, and ledger lines for the accounts that are not entered; on a resumption, what is left.

    Args:
        event: The opened run.
        data: The data bucket.
        organization: Makes a client, where the organization has to be asked.
        with_management: Whether fleetdx is deployed to the management account too.
    """
    recorded = _recorded_targets(data, event["run"]) if event["opening"] else None
    if recorded is None:
        request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
        targets = _listed_targets(event, data, request, organization(), with_management=with_management)
        key = keys.targets(event["run"])
        check_canary(request.get("canary"), [keys.place(one["account"], one["region"]) for one in targets])
    else:
        targets, key = _unfinished(event, data, recorded), keys.unfinished_targets(event["run"], event["opening"])
    data.put_json(key, list(targets))
    accounts = len({target["account"] for target in targets})
    return {"bucket": data.name, "key": key, "targets": len(targets), "accounts": accounts}


def check_canary(canary: Canary | None, places: Collection[str]) -> None:
    """Refuse a canary that goes where the run does not; nothing has been sent by then.

    Raises:
        InvalidRequest: With the JSON pointer of the account-region.
    """
    for number, name in enumerate(canary["targets"] if canary else ()):
        if name not in places:
            raise InvalidRequest(f"/canary/targets/{number}", f"{name} is no account-region that this run may enter")


def _listed_targets(
    event: Input, data: Bucket, request: ScanRequest, organization: OrganizationsClient, *, with_management: bool
) -> list[Target]:
    management = management_account(organization)
    named = request["scope"].get("instances", [])
    targets: list[Target] = []
    for account in accounts_in_scope(request["scope"], organization):
        for region in regions_of(account.id, request):
            outcome = _why_not_entered(account, is_left_out=account.id == management and not with_management)
            if outcome is not None:
                _record(event, data, account, region, outcome)
                continue
            prefix = f"{account.id}/{region}/"
            targets.append(
                {
                    "run": event["run"],
                    "opening": event["opening"],
                    "bundle": event["bundle"],
                    "profile": event["profile"],
                    "account": account.id,
                    "account_name": account.name,
                    "region": region,
                    "execution_name": execution_name(event, account.id, region),
                    "management": account.id == management,
                    "instances": [name.removeprefix(prefix) for name in named if name.startswith(prefix)],
                    "canary_instances": 0,
                    "after_canary": False,
                    "starts_before": None,
                }
            )
    return targets


def execution_name(event: Input, account: str, region: str) -> str:
    """The name of an account-region's execution: another one in each opening, the same at each retry and redrive."""
    opening = f"-{event['opening']}" if event["opening"] else ""
    return f"{event['run']}{opening}-{account}-{region}"


def _recorded_targets(data: Bucket, run_id: str) -> list[Target] | None:
    """The targets that an earlier opening listed; None where it did not come so far."""
    try:
        targets: list[Target] = data.get_json(keys.targets(run_id))
    except RecordMissing:
        return None
    return targets


def _unfinished(event: Input, data: Bucket, targets: list[Target]) -> list[Target]:
    records = RunRecords(data, event["run"], event["profile"], event["bundle"])
    return [
        {
            **target,
            "opening": event["opening"],
            "execution_name": execution_name(event, target["account"], target["region"]),
        }
        for target in targets
        if not is_finished(
            records.inventory(target["account"], target["region"]),
            records.ledger_of(target["account"], target["region"]),
        )
    ]


def _why_not_entered(account: Account, *, is_left_out: bool) -> Outcome | None:
    if account.status == "ACTIVE":
        return LEFT_OUT if is_left_out else None
    return NOT_A_MEMBER if account.status == "UNKNOWN" else SUSPENDED


def _record(event: Input, data: Bucket, account: Account, region: str, outcome: Outcome) -> None:
    place = Place(event["run"], account.id, account.name, region, event["profile"], event["bundle"])
    line = target_line(place, outcome, None)
    data.put_lines(keys.ledger_part(place.run, place.account, place.region, "target"), [line])


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"), setting("EVIDENCE_BUCKET"))
    included = setting("MANAGEMENT_ACCOUNT") == "included"
    return run(event, data, lambda: session.client("organizations"), with_management=included)
