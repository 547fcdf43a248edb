"""Whether somebody may ask for what is asked: the operators' rules, read and applied. Fail closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx import executions, keys
from fleetdx.configuration import MalformedDocument
from fleetdx.errors import OperatorsUnreadable, RecordMissing, RequesterRefused
from fleetdx.operators import read_operators, refusal_of
from fleetdx.organizations import UnknownParent, accounts_below
from fleetdx.requesters import Requester, requester_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import boto3
    from types_boto3_organizations.client import OrganizationsClient

    from fleetdx.events import Execution
    from fleetdx.operators import Asked, Operator
    from fleetdx.requesters import StartsOf
    from fleetdx.storage import Bucket


class Around(NamedTuple):
    """What is asked of AWS about a requester, where it has to be.

    Attributes:
        organization: Makes a client of Organizations.
        starts_of: What an execution, by its ARN, has started; None where there is none.
    """

    organization: Callable[[], OrganizationsClient]
    starts_of: StartsOf


def around(session: boto3.session.Session) -> Around:
    """The same, with the clients of a session."""
    return Around(
        lambda: session.client("organizations"),
        lambda execution: executions.starts_of(session.client("stepfunctions"), execution),
    )


def who_asks(data: Bucket, execution: Execution, request: Any, asking: Around) -> Requester:  # noqa: ANN401 - any input
    """Who asks for an execution; see fleetdx.requesters."""
    return requester_of(data, execution, request, asking.starts_of)


def admit(data: Bucket, requester: Requester, asked: Asked, asking: Around) -> None:
    """Let pass who may ask for this; everybody where there are no rules.

    Raises:
        RequesterRefused: No rule allows it.
        OperatorsUnreadable: There are rules, and they cannot be read: nobody may ask for anything.
    """
    rules = _rules(data)
    if rules is None:
        return
    refusal = refusal_of(requester, asked, rules, lambda scope: accounts_of(scope, asking.organization))
    if refusal is not None:
        raise RequesterRefused(refusal)


def _rules(data: Bucket) -> list[Operator] | None:
    try:
        return read_operators(data.get(keys.OPERATORS))
    except RecordMissing:
        return None
    except MalformedDocument as fault:
        raise OperatorsUnreadable(
            f"s3://{data.name}/{keys.OPERATORS} cannot be read ({fault}); until it can, nobody may ask for anything"
        ) from None


def accounts_of(scope: Mapping[str, Any], organization: Callable[[], OrganizationsClient]) -> frozenset[str]:
    """The ids of the accounts that a scope, other than the whole organization, means; unknown units have none."""
    found = {*scope.get("accounts", ()), *(name.split("/")[0] for name in scope.get("instances", ()))}
    for unit in scope.get("organizational_units", ()):
        try:
            found |= {account.id for account in accounts_below(organization(), unit)}
        except UnknownParent:
            continue
    return frozenset(found)
