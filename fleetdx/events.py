"""What the states of scan_target have in common: the run and the account-region that an execution is about."""

from __future__ import annotations

from typing import TypedDict


class TargetEvent(TypedDict):
    """The account-region of an execution of scan_target; every state's input holds it."""

    run: str
    bundle: str
    profile: str
    account: str
    account_name: str
    region: str
