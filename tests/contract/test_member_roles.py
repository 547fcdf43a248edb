"""Who becomes what in a member account: every function is tried at every member role, as the templates deploy them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from botocore.exceptions import ClientError

from emulator.cloud import EmbeddedAws, embedded_aws
from emulator.deployment import EXTERNAL_ID
from emulator.endpoint import session_with
from fleetdx.accounts import Duty
from tests.contract.test_templates import FUNCTIONS, duties_of, kebab
from tests.without_sockets import without_sockets

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBER = "333333333333"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    with without_sockets(), embedded_aws(tmp_path_factory.mktemp("cloud")) as started:
        yield started


@pytest.mark.parametrize("duty", get_args(Duty))
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_becomes_the_roles_of_its_duties_only(cloud: EmbeddedAws, name: str, duty: str) -> None:
    """STS lets a function into the member roles of its own duties, with the external id, and into no other."""
    caller = f"arn:aws:iam::{cloud.organization.hub.id}:role/fleetdx/fleetdx-{kebab(name)}"
    credentials = cloud.sessions.mint_for_role(caller, "test").for_boto3()
    sts = session_with(cloud.url, credentials, cloud.home_region).client("sts")
    wanted = {"RoleArn": f"arn:aws:iam::{MEMBER}:role/fleetdx/fleetdx-member-{duty}", "RoleSessionName": "test"}
    with pytest.raises(ClientError, match="AccessDenied"):
        sts.assume_role(**wanted, ExternalId="another")
    if duty in duties_of(name):
        assert sts.assume_role(**wanted, ExternalId=EXTERNAL_ID)["AssumedRoleUser"]["Arn"].endswith(f"{duty}/test")
    else:
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role(**wanted, ExternalId=EXTERNAL_ID)


def test_an_account_has_a_default_profile_with_what_ssm_needs(cloud: EmbeddedAws) -> None:
    """member.yaml makes the instance profile that mending may give; its role holds AWS's policy for agents."""
    iam = cloud.operator_session(MEMBER, cloud.home_region).client("iam")
    profile = iam.get_instance_profile(InstanceProfileName="fleetdx-default-instance")["InstanceProfile"]
    assert profile["Path"] == "/fleetdx/"
    [role] = profile["Roles"]
    attached = iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
