"""Three accounts to deploy to, everything in them as it has to be: tests spoil one thing, and see who notices."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from moto.organizations.models import organizations_backends

from emulator import foundation
from emulator.endpoint import session_with
from emulator.events.control_tower import AGGREGATE_TOPIC
from emulator.seams.organizations import create_account
from fleetdx.deploy_check.before import before
from fleetdx.deploy_check.inquiry import Inquiry
from fleetdx.deploy_check.readings import Asker
from fleetdx.deployment.settings import DeploymentSettings, Profiles
from tests.contract.small_cloud import CENTRAL
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

    import boto3

    from fleetdx.deploy_check.answers import Answer
    from fleetdx.deploy_check.readings import Kind
    from tests.contract.small_cloud import SmallCloud

MANAGEMENT, AUDIT, STRANGER = "999988887777", "333344445555", "123412341234"
HOME, OPTIONAL = "us-east-1", "ap-east-1"
REGIONS: Final = (HOME, OPTIONAL)
ROLE: Final = "deploy-check"
ACCOUNTS: Final[dict[Kind, str]] = {"hub": CENTRAL, "management": MANAGEMENT, "audit": AUDIT}
OURS: Final[dict[str, Any]] = {
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {"DataBucket": {"Value": "a"}, "ScanFleetStateMachine": {"Value": "b"}},
}
"""What is enough to be taken for our central stack."""
TEMPLATE: Final = (PROJECT / "templates" / "central.yaml").read_text(encoding="utf-8")


@dataclass
class Scene:
    """The accounts, and who asks.

    Attributes:
        cloud: The embedded AWS without anything deployed.
        settings: Those of the deployment.
        accounts: Whose account each profile leads to.
        rights: What the callers may do; None are operators, who may do everything.
    """

    cloud: SmallCloud
    settings: DeploymentSettings
    accounts: dict[Kind, str] = field(default_factory=lambda: dict(ACCOUNTS))
    rights: tuple[str, ...] | None = None

    def client(self, service: str, account: str = CENTRAL, region: str = HOME) -> Any:
        """A client of an operator."""
        return self.operator(account, region).client(service)  # type: ignore[call-overload]  # any service

    def operator(self, account: str, region: str = HOME) -> boto3.session.Session:
        """A session of an operator."""
        return session_with(self.cloud.url, self.cloud.store.mint_operator(account, "operator").for_boto3(), region)

    def session(self, kind: Kind, region: str) -> boto3.session.Session:
        """A session of a profile."""
        account = self.accounts[kind]
        if self.rights is None:
            return self.operator(account, region)
        iam = self.client("iam", account)
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": self.rights, "Resource": "*"}]}
        iam.put_role_policy(RoleName=ROLE, PolicyName="rights", PolicyDocument=json.dumps(policy))
        arn = f"arn:aws:iam::{account}:role/{ROLE}"
        keys = self.cloud.sessions.mint_for_role(arn, "operator", service="states.amazonaws.com")
        return session_with(self.cloud.url, keys.for_boto3(), region)

    def change(self, **settings: Any) -> None:
        """Change settings."""
        self.settings = replace(self.settings, **settings)

    def ask(self) -> list[Answer]:
        """All questions before a deployment."""
        known: dict[tuple[Kind, str], boto3.session.Session] = {}

        def session_of(kind: Kind, region: str) -> boto3.session.Session | None:
            if (kind, region) not in known:
                known[kind, region] = self.session(kind, region)
            return known[kind, region]

        return list(before(Inquiry(Asker(session_of), self.settings, TEMPLATE)))

    def answers(self, question: str) -> list[Answer]:
        """The answers to one question."""
        return [answer for answer in self.ask() if answer.question == question]

    def answer(self, question: str) -> Answer:
        """The answer to a question that has one."""
        (found,) = self.answers(question)
        return found


def scene_in(cloud: SmallCloud) -> Scene:
    """Build it."""
    cloud.client("organizations", MANAGEMENT).create_organization(FeatureSet="ALL")
    management = organizations_backends[MANAGEMENT]["aws"]
    for account, name in ((CENTRAL, "security"), (AUDIT, "audit")):
        create_account(management, account, name, f"{name}@example.com")
    root = cloud.client("organizations", MANAGEMENT).list_roots()["Roots"][0]["Id"]
    settings = DeploymentSettings(
        HOME,
        REGIONS,
        (root,),
        "included",
        "hub",
        "control_tower",
        "fleetdx-test",
        Profiles("hub", "management", "audit"),
        {"central": {"SecurityHubAccountId": CENTRAL}},
    )
    scene = Scene(cloud, settings)
    foundation.build(scene.operator, MANAGEMENT, CENTRAL, HOME)
    for region in REGIONS:
        scene.client("sns", AUDIT, region).create_topic(Name=AGGREGATE_TOPIC)
    cloud.state.opted_in |= {(account, OPTIONAL) for account in ACCOUNTS.values()}
    for account in ACCOUNTS.values():
        cloud.role(ROLE, account)
        cloud.client("iam", account).delete_role_policy(RoleName=ROLE, PolicyName="all")
    return scene


def told(answers: Iterable[Answer]) -> dict[str, set[str]]:
    """The verdicts of each question."""
    found: dict[str, set[str]] = {}
    for answer in answers:
        found.setdefault(answer.question, set()).add(answer.verdict)
    return found
