"""On a real account: what deploy-check asks before a deployment is answered by AWS, in shapes that it understands.

Run it with credentials of the account that fleetdx is to be deployed in:

    AWS_PROFILE=... AWS_REGION=... .venv/bin/python -m pytest -m aws tests/aws/test_deploy_check.py

It needs the rights of docs/deploy-check.md, and changes nothing. Other accounts' profiles are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from fleetdx.deploy_check.before import before
from fleetdx.deploy_check.inquiry import Inquiry
from fleetdx.deploy_check.readings import Asker
from fleetdx.deployment.settings import DeploymentSettings, Profiles
from fleetdx.sessions import KeepingSession
from tools.sources import PROJECT

if TYPE_CHECKING:
    from fleetdx.deploy_check.readings import Kind

pytestmark = pytest.mark.aws


@pytest.mark.timeout(300)
def test_aws_answers_what_is_asked() -> None:
    """Nothing is unknown but for a missing right or a missing profile: no call of ours is malformed or misread."""
    region = boto3.Session().region_name
    assert region, "set AWS_REGION to the region that fleetdx is to be deployed in"

    def session_of(kind: Kind, asked: str) -> boto3.session.Session | None:
        return KeepingSession(region_name=asked) if kind == "hub" else None

    roots = boto3.Session().client("organizations").list_roots()["Roots"]
    settings = DeploymentSettings(
        region, (region,), (roots[0]["Id"],), "excluded", "hub", "bus", "fleetdx", Profiles("own", None, None), {}
    )
    template = (PROJECT / "templates" / "central.yaml").read_text(encoding="utf-8")
    answers = list(before(Inquiry(Asker(session_of), settings, template)))
    unknown = [one for one in answers if one.verdict == "unknown" and one.question != "trail_records_changes"]
    assert [one for one in unknown if one.missing_right is None] == []
