"""What AWS has granted the accounts of the embedded organization, and what is asked before a deployment."""

from __future__ import annotations

from dataclasses import dataclass, field

LAMBDA_DEFAULT = 1_000
"""Concurrent executions of an account and region ("Lambda quotas" in its guide); a new account can have fewer."""
OPEN_EXECUTIONS = 1_000_000.0
"""Open executions of an account and region ("Step Functions service quotas" in its guide)."""


@dataclass
class AccountState:
    """As AWS has it at first; tests change it where no call does.

    Attributes:
        opted_in: Pairs of account and region that has to be opted in to.
        concurrency: Lambda's concurrent executions, by account, where they are not the default.
        reserved: How many of these functions have reserved, by account.
        open_executions: Step Functions' quota; None where Service Quotas does not list it.
        stack_sets: CloudFormation's switch for access to the organization.
        has_delegation_policy: Whether the organization has one.
    """

    opted_in: set[tuple[str, str]] = field(default_factory=set)
    concurrency: dict[str, int] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)
    open_executions: float | None = OPEN_EXECUTIONS
    stack_sets: str = "ENABLED"
    has_delegation_policy: bool = False
