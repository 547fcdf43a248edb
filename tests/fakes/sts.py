"""STS in memory."""

from __future__ import annotations

from typing import Any


class FakeSts:
    """An STS client of one account that remembers which roles were assumed."""

    def __init__(self, account: str, refusals: list[Exception] | None = None) -> None:
        self.account = account
        self.refusals = refusals or []
        self.assumed: list[dict[str, Any]] = []

    def assume_role(self, **arguments: Any) -> dict[str, Any]:
        """Hand out keys, or fail as asked."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.assumed.append(arguments)
        keys = {"AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "secret", "SessionToken": "token"}
        return {"Credentials": keys}

    def get_caller_identity(self) -> dict[str, str]:
        """Say who we are."""
        return {"Account": self.account, "Arn": f"arn:aws:sts::{self.account}:assumed-role/member/session"}
