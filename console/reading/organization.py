"""The organization as a tree, for whoever picks a scope; kept for some minutes: reading it takes two calls a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fleetdx.organizations import tree

if TYPE_CHECKING:
    from console.context import Context
    from fleetdx.organizations import Account, Unit

SECONDS: Final = 300


def document(context: Context) -> dict[str, Any]:
    """The root with everything below it: units first, then accounts, each by name."""
    client = context.deployment.session.client("organizations")
    found: dict[str, Any] = context.kept.get("organization", SECONDS, lambda: _unit(tree(client), "root"))
    return found


def _unit(unit: Unit, kind: str) -> dict[str, Any]:
    units = [_unit(one, "organizational_unit") for one in unit.units]
    accounts = [_account(one) for one in unit.accounts]
    children = [*sorted(units, key=_by_name), *sorted(accounts, key=_by_name)]
    return {"id": unit.id, "name": unit.name, "kind": kind, "children": children}


def _account(account: Account) -> dict[str, Any]:
    return {"id": account.id, "name": account.name, "kind": "account", "status": account.status, "children": []}


def _by_name(child: dict[str, Any]) -> tuple[str, str]:
    return child["name"].casefold(), child["id"]
