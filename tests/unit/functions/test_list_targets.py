"""Every account that a request means becomes targets, or a ledger line that says why not."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.errors import InvalidRequest
from fleetdx.ledger import Outcome, Place, instance_line, target_line
from functions.list_targets import handler
from tests.fakes.aws_errors import client_error
from tests.fakes.organizations import FakeOrganizations, account
from tests.fakes.pages import Pages
from tests.fakes.runs import OPENED, RUN, entry, inventory_of, open_run
from tests.fakes.s3 import bucket, fake

EVENT: Any = OPENED
MANAGEMENT, MEMBER, DEEP, CLOSED, STRANGER = (f"{number:012d}" for number in (1, 2, 3, 4, 99))
VERIFIED, ENTERED = Outcome("scanned", "verified", "Good."), Outcome("scanned", "entered", "In.")
SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"


def organization() -> FakeOrganizations:
    return FakeOrganizations(
        children={"r-root": ["ou-work"], "ou-work": ["ou-deep"], "ou-deep": [], "ou-empty": []},
        members={
            "r-root": [account(MANAGEMENT, "management")],
            "ou-work": [account(MEMBER, "member"), account(CLOSED, "closed", "SUSPENDED")],
            "ou-deep": [account(DEEP, "deep")],
        },
        management=MANAGEMENT,
    )


def listed(scope: dict[str, Any], regions: list[str] | None = None) -> tuple[Any, list[dict[str, Any]], dict[str, Any]]:
    """The answer, targets.json and the ledger lines by account and region."""
    data = bucket()
    open_run(data, scope=scope, regions=regions or [SEOUL, TOKYO])
    answer = handler.run(EVENT, data, organization)  # type: ignore[arg-type]
    assert handler.run(EVENT, data, organization) == answer  # type: ignore[arg-type]
    lines = [line for stored in data.keys(keys.ledger_prefix(RUN)) for line in data.get_lines(stored.key)]
    return answer, data.get_json(keys.targets(RUN)), {f"{line['account']}/{line['region']}": line for line in lines}


def test_organization_means_every_account_in_every_region() -> None:
    """Active accounts become targets, ordered; the management account is marked; a suspended one is told."""
    answer, targets, lines = listed({"organization": True})
    places = [(one["account"], one["region"], one["management"]) for one in targets]
    assert places == [(a, r, a == MANAGEMENT) for a in (MANAGEMENT, MEMBER, DEEP) for r in (SEOUL, TOKYO)]
    assert answer == {"bucket": "data", "key": keys.targets(RUN), "targets": 6, "accounts": 3}
    assert {place: (line["state"], line["reason"]) for place, line in lines.items()} == {
        f"{CLOSED}/{region}": ("unsupported", "account_suspended") for region in (SEOUL, TOKYO)
    }
    assert targets[0].keys() == {
        "run", "opening", "bundle", "profile", "account", "account_name", "region", "execution_name", "management",
        "instances", "canary_instances", "after_canary", "starts_before",
    }  # fmt: skip


@pytest.mark.reaches("management_account_excluded")
def test_a_management_account_that_was_left_out_is_a_line_and_no_target() -> None:
    """Where fleetdx is not deployed to it, the ledger says so, and nobody enters it."""
    data = bucket()
    open_run(data, scope={"organization": True}, regions=[SEOUL])
    handler.run(EVENT, data, organization, with_management=False)  # type: ignore[arg-type]
    assert [one["account"] for one in data.get_json(keys.targets(RUN))] == [MEMBER, DEEP]
    (line,) = data.get_lines(keys.ledger_part(RUN, MANAGEMENT, SEOUL, "target"))
    assert (line["state"], line["reason"]) == ("excluded", "management_account_excluded")


def test_units_mean_everything_below_them_once() -> None:
    """A unit inside another one named is not listed twice."""
    _, targets, lines = listed({"organizational_units": ["ou-work", "ou-deep"]}, [SEOUL])
    assert [one["account"] for one in targets] == [MEMBER, DEEP]
    assert list(lines) == [f"{CLOSED}/{SEOUL}"]
    assert listed({"organizational_units": ["ou-empty"]})[0]["targets"] == 0


def test_unknown_unit_is_refused_where_it_stands() -> None:
    """A unit that does not exist would be a silently smaller scan."""
    with pytest.raises(InvalidRequest, match=r"^/scope/organizational_units/1: .*ou-x"):
        listed({"organizational_units": ["ou-work", "ou-x"]})


@pytest.mark.reaches("account_not_in_organization", "account_suspended")
def test_named_accounts_alone() -> None:
    """Accounts that are no members, or suspended, are ledger lines; the others are targets."""
    _, targets, lines = listed({"accounts": [STRANGER, MEMBER, CLOSED]}, [SEOUL])
    assert [(one["account"], one["account_name"]) for one in targets] == [(MEMBER, "member")]
    assert (lines[f"{STRANGER}/{SEOUL}"]["state"], lines[f"{STRANGER}/{SEOUL}"]["reason"]) == (
        "scan_failed",
        "account_not_in_organization",
    )
    assert lines[f"{CLOSED}/{SEOUL}"]["reason"] == "account_suspended"
    assert lines[f"{CLOSED}/{SEOUL}"]["instances"] is None


def test_named_instances_are_handed_to_their_account_and_region() -> None:
    """Only the regions of an account's own instances are entered, with those instances' ids."""
    one, two, three = "i-0000000000000000a", "i-0000000000000000b", "i-0000000000000000c"
    named = [
        f"{MEMBER}/{SEOUL}/{one}",
        f"{MEMBER}/{TOKYO}/{two}",
        f"{DEEP}/{SEOUL}/{three}",
        f"{STRANGER}/{SEOUL}/{one}",
    ]
    _, targets, lines = listed({"instances": named})
    assert [(target["account"], target["region"], target["instances"]) for target in targets] == [
        (MEMBER, TOKYO, [two]),
        (MEMBER, SEOUL, [one]),
        (DEEP, SEOUL, [three]),
    ]
    assert list(lines) == [f"{STRANGER}/{SEOUL}"]


@pytest.mark.parametrize(
    ("targets", "place"),
    [
        ([f"{MEMBER}/{SEOUL}", f"{DEEP}/{TOKYO}"], None),
        ([f"{MEMBER}/{SEOUL}", f"{STRANGER}/{SEOUL}"], "/canary/targets/1"),
        ([f"{CLOSED}/{SEOUL}"], "/canary/targets/0"),
        ([f"{MEMBER}/us-east-1"], "/canary/targets/0"),
    ],
)
def test_a_canary_goes_where_the_run_does(targets: list[str], place: str | None) -> None:
    """An account-region that the run does not enter is refused where it stands, before targets are listed."""
    data = bucket()
    canary = {"targets": targets, "instances": 5, "max_failures": 0}
    open_run(data, scope={"organization": True}, regions=[SEOUL, TOKYO], canary=canary)
    if place is None:
        assert handler.run(EVENT, data, organization)["targets"] == 6  # type: ignore[arg-type]
        return
    with pytest.raises(InvalidRequest) as refused:
        handler.run(EVENT, data, organization)  # type: ignore[arg-type]
    assert refused.value.pointer == place
    assert keys.targets(RUN) not in fake(data).written


def test_denied_organization_is_raised() -> None:
    """Who may not read the organization learns that, instead of scanning nothing."""
    data = bucket()
    open_run(data)
    denied = organization()

    def refuse(**_: Any) -> Any:
        raise client_error("AccessDeniedException", "ListAccounts", 400)

    denied.get_paginator = lambda _: Pages(refuse)  # type: ignore[method-assign, assignment]
    with pytest.raises(ClientError, match="AccessDenied"):
        handler.run(EVENT, data, lambda: denied)  # type: ignore[arg-type]
    assert keys.targets(RUN) not in fake(data).written


def forbidden() -> Any:
    raise AssertionError("a resumed run does not ask the organization again")


def test_a_resumed_run_lists_what_is_not_finished() -> None:
    """Of the recorded targets those remain that were not entered or have an instance without a verified result."""
    _, targets, _ = listed({"organization": True}, [SEOUL])
    data = bucket()
    open_run(data)
    data.put_json(keys.targets(RUN), targets)
    for number, target in enumerate(targets[:2]):
        place = Place(RUN, target["account"], "name", SEOUL, EVENT["profile"], EVENT["bundle"])
        data.put_json(keys.inventory(RUN, target["account"], SEOUL), dict(inventory_of(1)))
        outcome = VERIFIED if number == 0 else Outcome("scan_failed", "undeliverable", "Gone.")
        data.put_lines(keys.ledger_part(RUN, target["account"], SEOUL, "target"), [target_line(place, ENTERED, 1)])
        data.put_lines(
            keys.ledger_part(RUN, target["account"], SEOUL, "0000-00"), [instance_line(place, entry(), outcome)]
        )
    answer = handler.run({**EVENT, "opening": 3}, data, forbidden)
    assert (answer["key"], answer["targets"]) == (keys.unfinished_targets(RUN, 3), 2)
    left = data.get_json(answer["key"])
    assert [(one["account"], one["opening"], one["execution_name"]) for one in left] == [
        (account, 3, f"{RUN}-3-{account}-{SEOUL}") for account in (MEMBER, DEEP)
    ]
    assert data.get_json(keys.targets(RUN)) == targets


def test_a_resumed_run_that_had_no_targets_lists_them() -> None:
    """A run that died before its targets were written begins there."""
    data = bucket()
    open_run(data, scope={"accounts": [MEMBER]})
    assert handler.run({**EVENT, "opening": 1}, data, organization)["key"] == keys.targets(RUN)  # type: ignore[arg-type]
