"""A member account is entered with its own role, in its own partition, or refused by name."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from fleetdx import accounts
from fleetdx.accounts import RoleToAssume, assume, member_role_arn
from fleetdx.errors import MemberRoleDenied
from tests.fakes.aws_errors import client_error
from tests.fakes.sts import FakeSts

ROLE = RoleToAssume("arn:aws:iam::111122223333:role/fleetdx/member", "x" * 100, "secret-id")


@pytest.mark.parametrize(
    ("region", "partition"), [("ap-northeast-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arn_has_the_regions_partition(region: str, partition: str) -> None:
    """China and GovCloud have partitions of their own."""
    arn = member_role_arn("111122223333", region, "fleetdx/member")
    assert arn == f"arn:{partition}:iam::111122223333:role/fleetdx/member"


def test_session_acts_as_the_role() -> None:
    """The session holds the role's keys and works in the region; STS was told name and external id."""
    sts = FakeSts("111122223333")
    session = assume(ROLE, "eu-west-1", sts)  # type: ignore[arg-type]
    credentials = session.get_credentials()
    assert credentials is not None
    assert (credentials.access_key, credentials.token) == ("ASIAIOSFODNN7EXAMPLE", "token")
    assert session.region_name == "eu-west-1"
    (asked,) = sts.assumed
    assert asked == {
        "RoleArn": ROLE.arn,
        "RoleSessionName": "x" * 64,
        "DurationSeconds": 900,
        "ExternalId": "secret-id",
    }


def test_no_external_id_is_sent_where_none_is_wanted() -> None:
    """Our own signer roles ask for none, and STS refuses an empty one."""
    sts = FakeSts("111122223333")
    assume(RoleToAssume("arn:aws:iam::1:role/x", "name", seconds=3600), "eu-west-1", sts)  # type: ignore[arg-type]
    assert "ExternalId" not in sts.assumed[0]
    assert sts.assumed[0]["DurationSeconds"] == 3600


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "NoSuchEntity", "InvalidClientTokenId"])
def test_denial_names_the_role(code: str) -> None:
    """A role that is absent or does not trust us is told by its ARN, without the external id."""
    sts = FakeSts("111122223333", [client_error(code, "AssumeRole", 403, "secret-id")])
    with pytest.raises(MemberRoleDenied, match="role/fleetdx/member cannot be assumed") as refused:
        assume(ROLE, "eu-west-1", sts)  # type: ignore[arg-type]
    assert "secret-id" not in str(refused.value)


def test_other_errors_stay() -> None:
    """A throttle is no denial."""
    sts = FakeSts("111122223333", [client_error("Throttling", "AssumeRole")])
    with pytest.raises(ClientError, match="Throttling"):
        assume(ROLE, "eu-west-1", sts)  # type: ignore[arg-type]


def test_a_member_is_entered_with_the_settings_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Role and external id come from the environment; the role ends in the duty; the session tells function and run."""
    monkeypatch.setenv("MEMBER_ROLES", "fleetdx/member-")
    monkeypatch.setenv("EXTERNAL_ID", "id")
    asked: list[RoleToAssume] = []

    def assumed(role: RoleToAssume, region: str, _: object) -> str:
        asked.append(role)
        return region

    monkeypatch.setattr(accounts, "assume", assumed)
    event = {"run": "20261123T190000Z-abcdef", "account": "333333333333", "region": "us-east-1"}
    assert accounts.member_session(event, "send-command", "scan") == "us-east-1"  # type: ignore[arg-type, comparison-overlap]
    arn = "arn:aws:iam::333333333333:role/fleetdx/member-scan"
    assert asked == [RoleToAssume(arn, "send-command-20261123T190000Z-abcdef", "id")]
