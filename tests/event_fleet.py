"""Instances, roles and profiles that tests of events launch, and what ensure_ssm_ready made of them."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fleetdx import keys
from tests.embedded import SECONDS_FOR_A_RUN, wait_until

if TYPE_CHECKING:
    from tests.embedded import Embedded

TRADING, WALLET, STAGING = "333333333333", "444444444444", "555555555555"
REGION: Final = "us-east-1"
CORE: Final = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
DEFAULT_PROFILE: Final = "fleetdx-default-instance"
TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
EVERYTHING_AN_AGENT_NEEDS: Final = {
    "Effect": "Allow",
    "Action": ["ssm:*", "ssmmessages:*", "ec2messages:*"],
    "Resource": "*",
}


@dataclass
class EventFleet:
    """Launches instances in one account after another, and reads how they ended."""

    aws: Embedded
    roles: dict[str, str] = field(default_factory=dict)

    def client(self, service: str, account: str) -> Any:
        session: Any = self.aws.cloud.operator_session(account, REGION)
        return session.client(service)

    def configure(self, **fields: Any) -> None:
        """Enforce with the default profile, unless fields say otherwise; nothing is exempt."""
        given = {"mode": "enforce", "default_instance_profile": DEFAULT_PROFILE, **fields}
        ssm = self.aws.cloud.hub_session().client("ssm")
        ssm.put_parameter(Name="/fleetdx/configuration", Value=json.dumps(given), Overwrite=True)
        self.exempt()

    def exempt(self, *entries: dict[str, Any]) -> None:
        """Write the file of exemptions."""
        self.aws.deployment.data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": list(entries)})

    def role(self, account: str, name: str, *policies: str, path: str = "/", inline: Any = None) -> str:
        """A role in a profile of another name and path; gives the profile's name."""
        iam = self.client("iam", account)
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST)
        for policy in policies:
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
        if inline is not None:
            document = json.dumps({"Version": "2012-10-17", "Statement": [inline]})
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
        self.roles[name] = account
        return self.profile(account, f"{name}-profile", name)

    def profile(self, account: str, name: str, role: str | None) -> str:
        """An instance profile below a path, with a role or without."""
        iam = self.client("iam", account)
        iam.create_instance_profile(InstanceProfileName=name, Path="/below/a/path/")
        if role is not None:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name

    def launch(self, account: str, profile: str | None = None, count: int = 1) -> list[str]:
        """Running instances with a profile, or without; their ids."""
        named = {"IamInstanceProfile": {"Name": profile}} if profile else {}
        made = []
        for _ in range(count):
            answer = self.client("ec2", account).run_instances(
                ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, **named
            )
            made.append(str(answer["Instances"][0]["InstanceId"]))
        return made

    def register(self, account: str, *instances: str) -> None:
        """Let Systems Manager know an agent on each instance already, as where another way than a role lets it in."""
        agents = self.aws.cloud.fleet._agents
        some = next(agent for place in agents.values() for agent in place.values())
        for instance in instances:
            agent = dataclasses.replace(some, instance_id=instance, account=account, region=REGION)
            agents.setdefault((account, REGION), {})[instance] = agent

    def settle(self, within: float = SECONDS_FOR_A_RUN) -> None:
        """Wait until no event is under way and no execution of ensure_ssm_ready runs."""
        states = self.aws.deployment.session.client("stepfunctions")
        machine = self.aws.deployment.events.ensure_ssm_ready

        def is_quiet() -> bool:
            return (
                self.aws.cloud.ways.settle(1)
                and not states.list_executions(stateMachineArn=machine, statusFilter="RUNNING", maxResults=1)[
                    "executions"
                ]
            )

        def stays_quiet() -> bool:
            # Between the end of an event and the start of what it leads to, or the other way round.
            return is_quiet() and is_quiet()

        wait_until(stays_quiet, "the events come to no end", within)

    def executions(self, instance: str) -> list[dict[str, Any]]:
        """What each execution about an instance ended with, the first one first."""
        states: Any = self.aws.deployment.session.client("stepfunctions")
        pages = states.get_paginator("list_executions").paginate(
            stateMachineArn=self.aws.deployment.events.ensure_ssm_ready
        )
        found = [one for page in pages for one in page["executions"] if f"-{instance}-" in one["name"]]
        found.sort(key=lambda one: int(one["name"].rpartition("-")[2]))
        return [
            json.loads(states.describe_execution(executionArn=one["executionArn"]).get("output") or "{}")
            for one in found
        ]

    def ends(self, instance: str) -> list[tuple[str, str]]:
        """Outcome and reason of each execution about an instance."""
        return [(one.get("outcome", ""), one.get("reason", "")) for one in self.executions(instance)]

    def attached(self, role: str) -> list[str]:
        """What is attached to a role of ours."""
        iam = self.client("iam", self.roles[role])
        found = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        return [policy["PolicyArn"] for policy in found]

    def told(self) -> list[str]:
        """The texts of every notification, whether or not there was somebody to tell."""
        data = self.aws.deployment.data
        return [data.get_json(stored.key)["text"] for stored in data.keys("notifications/")]

    def buried(self) -> list[tuple[str, str]]:
        """Body and reason of everything in the dead-letter queue."""
        sqs: Any = self.aws.deployment.session.client("sqs")
        found = []
        while messages := sqs.receive_message(
            QueueUrl=self.aws.deployment.events.dead_letter_queue,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
        ).get("Messages"):
            for message in messages:
                attributes = message.get("MessageAttributes", {})
                found.append((message["Body"], attributes.get("reason", {}).get("StringValue", "")))
                sqs.delete_message(
                    QueueUrl=self.aws.deployment.events.dead_letter_queue, ReceiptHandle=message["ReceiptHandle"]
                )
        return found
