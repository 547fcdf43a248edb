"""ListTargets: write the account-regions of a request to S3, where the Distributed Map reads them.

An account that cannot be entered is told in the ledger by name, never left out. Raises AccessDenied where the central
account may not read the organization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import InvalidRequest
from fleetdx.events import TargetEvent
from fleetdx.ledger import Outcome, Place, target_line
from fleetdx.organizations import Account, UnknownParent, accounts_below, all_accounts, management_account
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from types_boto3_organizations.client import OrganizationsClient

    from fleetdx.requests import ScanRequest

NOT_A_MEMBER = Outcome("scan_failed", "account_not_in_organization", "The organization has no such account.")
SUSPENDED = Outcome("unsupported", "account_suspended", "AWS lets nobody into a suspended or closing account.")


class Input(TypedDict):
    """The opened run."""

    run: str
    bundle: str
    profile: str


class Output(TypedDict):
    """Where the targets lie and how many there are; `accounts` counts those that can be entered."""

    bucket: str
    key: str
    targets: int
    accounts: int


class Target(TargetEvent):
    """One account-region: the input of one execution of scan_target."""

    management: bool
    instances: list[str]


def accounts_in_scope(request: ScanRequest, organization: OrganizationsClient) -> list[Account]:
    """The accounts a request means, ordered by id; those that are no members have the status UNKNOWN.

    Raises:
        InvalidRequest: An organizational unit does not exist.
    """
    scope = request["scope"]
    if "organizational_units" in scope:
        found: dict[str, Account] = {}
        for number, unit in enumerate(scope["organizational_units"]):
            try:
                found |= {account.id: account for account in accounts_below(organization, unit)}
            except UnknownParent:
                place = f"/scope/organizational_units/{number}"
                raise InvalidRequest(place, f"the organization has no unit {unit}") from None
        return sorted(found.values())
    members = {account.id: account for account in all_accounts(organization)}
    if "organization" in scope:
        return sorted(members.values())
    named = scope.get("accounts") or {name.split("/")[0] for name in scope["instances"]}
    return sorted(members.get(name, Account(name, "(not a member)", "UNKNOWN")) for name in set(named))


def regions_of(account: str, request: ScanRequest) -> list[str]:
    """The regions to look at in an account: where instances are named, only theirs."""
    named = request["scope"].get("instances")
    if not named:
        return request["regions"]
    return sorted({name.split("/")[1] for name in named if name.startswith(f"{account}/")})


def run(event: Input, data: Bucket, organization: OrganizationsClient) -> Output:
    """Write targets.json, and ledger lines for the accounts that cannot be entered."""
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    management = management_account(organization)
    named = request["scope"].get("instances", [])
    targets: list[Target] = []
    for account in accounts_in_scope(request, organization):
        for region in regions_of(account.id, request):
            if account.status != "ACTIVE":
                _record_unreachable(event, data, account, region)
                continue
            prefix = f"{account.id}/{region}/"
            targets.append(
                {
                    "run": event["run"],
                    "bundle": event["bundle"],
                    "profile": event["profile"],
                    "account": account.id,
                    "account_name": account.name,
                    "region": region,
                    "management": account.id == management,
                    "instances": [name.removeprefix(prefix) for name in named if name.startswith(prefix)],
                }
            )
    key = keys.targets(event["run"])
    data.put_json(key, list(targets))
    accounts = len({target["account"] for target in targets})
    return {"bucket": data.name, "key": key, "targets": len(targets), "accounts": accounts}


def _record_unreachable(event: Input, data: Bucket, account: Account, region: str) -> None:
    place = Place(event["run"], account.id, account.name, region, event["profile"], event["bundle"])
    line = target_line(place, NOT_A_MEMBER if account.status == "UNKNOWN" else SUSPENDED, None)
    data.put_lines(keys.ledger_part(place.run, place.account, place.region, "target"), [line])


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(session.client("s3"), setting("DATA_BUCKET"))
    return run(event, data, session.client("organizations"))
