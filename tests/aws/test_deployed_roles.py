"""On a real account: AWS itself says whether the deployed roles have their rights, under all that limits them.

Run it with credentials of an account that fleetdx is deployed in, the central one or a member:

    AWS_PROFILE=... AWS_REGION=... .venv/bin/python -m pytest -m aws tests/aws

It needs iam:ListRoles, iam:ListRolePolicies, iam:GetRolePolicy and iam:SimulatePrincipalPolicy, and changes nothing.
"""

from __future__ import annotations

import boto3
import pytest

from tests.deployed_roles import refusals, rights_of_deployed_roles

pytestmark = pytest.mark.aws


@pytest.mark.timeout(900)
def test_aws_gives_the_deployed_roles_their_rights() -> None:
    """The simulator allows every action of each role's policies, service control policies and boundaries included."""
    session = boto3.Session()
    assert session.region_name, "set AWS_REGION to the region that fleetdx is deployed in"
    account = session.client("sts").get_caller_identity()["Account"]
    iam = session.client("iam")
    rights = list(rights_of_deployed_roles(iam, account, session.region_name))
    assert rights, f"no role below /fleetdx/ is deployed in the account {account}"
    assert [line for right in rights for line in refusals(iam, right)] == []
