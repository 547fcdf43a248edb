"""A stage for ensure_ssm_ready on the embedded AWS: instances, roles and profiles made as a test wants them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.seams.lambda_functions import function_of
from fleetdx import keys
from tests.embedded import wait_until
from tests.fakes.events import api_call, state_change

if TYPE_CHECKING:
    from tests.embedded import Embedded

TRADING, WALLET, SEOUL = "333333333333", "444444444444", "ap-northeast-2"
CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
MACHINE = "fleetdx-ensure-ssm-ready"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Mended:
    """An execution of ensure_ssm_ready that has ended.

    Attributes:
        status: Of the execution.
        output: What it ended with; empty where it failed.
        states: The states that it entered, in order.
        calls: Every AWS call of its functions, as `service:Operation`; those of ReceiveEvent are not among them.
        told: The texts that Slack would have been told meanwhile.
        execution: Its ARN.
    """

    status: str
    output: dict[str, Any]
    states: list[str]
    calls: list[str]
    told: list[str]
    execution: str

    @property
    def end(self) -> tuple[str, str]:
        """Outcome and reason."""
        return self.output["outcome"], self.output["reason"]


class Mending:
    """Makes what an execution finds, sends events and waits for executions."""

    def __init__(self, aws: Embedded) -> None:
        self.aws = aws
        self.hub = aws.cloud.hub_session()
        self.data = aws.deployment.data

    def client(self, service: str, account: str = TRADING) -> Any:
        session: Any = self.aws.cloud.operator_session(account, SEOUL)
        return session.client(service)

    def configure(self, text: str | None = None, **fields: Any) -> None:
        """Write the configuration: enforce, and waiting for 5 minutes, unless fields or a text say otherwise."""
        given = {"mode": "enforce", "registration_wait_minutes": 5, **fields}
        self.hub.client("ssm").put_parameter(
            Name="/fleetdx/configuration", Value=json.dumps(given) if text is None else text, Overwrite=True
        )

    def exempt(self, *entries: dict[str, Any]) -> None:
        """Write the file of exemptions."""
        self.data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": list(entries)})

    def role(self, *policies: str, path: str = "/", name: str = "", inline: Any = None) -> str:
        """A role with these policies attached, and one inline; its name."""
        iam = self.client("iam")
        name = name or f"role-{next(NUMBERS)}"
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST)
        for arn in policies:
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        if inline is not None:
            document = json.dumps({"Version": "2012-10-17", "Statement": inline})
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
        return name

    def profile(self, role: str | None, path: str = "/", name: str = "") -> str:
        """An instance profile with a role, or none; its name, which is not the role's."""
        iam = self.client("iam")
        name = name or f"profile-{next(NUMBERS)}"
        iam.create_instance_profile(InstanceProfileName=name, Path=path)
        if role is not None:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name

    def instance(self, profile: str | None = None, *, online: bool = True, **tags: str) -> str:
        """A running instance; its agent is Online from the start, or never."""
        ec2 = self.client("ec2")
        made = ec2.run_instances(
            ImageId="ami-0123456789abcdef0",
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.small",
            TagSpecifications=[
                {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            ]
            if tags
            else [],
        )
        identifier = str(made["Instances"][0]["InstanceId"])
        if profile is not None:
            ec2.associate_iam_instance_profile(IamInstanceProfile={"Name": profile}, InstanceId=identifier)
        if online:
            self.register(identifier)
        return identifier

    def register(self, identifier: str, agent_state: str = "online") -> None:
        """Let Systems Manager know an agent on an instance."""
        agents = self.aws.cloud.fleet._agents.setdefault((TRADING, SEOUL), {})
        some = next(iter(agents.values()))
        agents[identifier] = dataclasses.replace(some, instance_id=identifier, agent_state=agent_state)

    def receive(self, event: dict[str, Any]) -> dict[str, Any]:
        """Hand one event to ReceiveEvent, as `fleetdx event` does; what became of it."""
        hub = self.aws.cloud.organization.hub.id
        function = function_of("fleetdx-receive-event", hub, self.aws.cloud.home_region)
        text, failed, _ = self.aws.cloud.runtime.invoke(function, event)
        assert not failed, text
        answer: dict[str, Any] = json.loads(text)
        return answer

    def launched(self, identifier: str, account: str = TRADING, **changes: Any) -> dict[str, Any]:
        """The event of an instance that has come up just now."""
        return _now(state_change(), account, identifier, **changes)

    def associated(
        self, identifier: str, call: str = "AssociateIamInstanceProfile", account: str = TRADING
    ) -> dict[str, Any]:
        """The event of a changed association of just now."""
        return _now(api_call(call), account, identifier)

    def ensure(self, identifier: str, event: dict[str, Any] | None = None) -> Mended:
        """Send the event of a launch, or another one, and wait for the end of the execution that it leads to."""
        before = self.told_keys()
        with self.aws.cloud.faults.overheard() as heard:
            answer = self.receive(event or self.launched(identifier))
            assert answer["outcome"] == "started", answer
            ended = self.ended(answer["execution_arn"])
        calls = [
            facts.call
            for facts in heard
            if facts.call != "lambda:Invoke" and "receive-event" not in facts.caller and "operator" not in facts.caller
        ]
        told = [self.data.get_json(key)["text"] for key in sorted(self.told_keys() - before)]
        output = json.loads(ended.get("output") or "{}")
        execution = answer["execution_arn"]
        return Mended(ended["status"], output, self.aws.states(execution), calls, told, execution)

    def ended(self, execution: str) -> dict[str, Any]:
        """Wait for the end of an execution."""
        client, state = self.hub.client("stepfunctions"), dict[str, Any]()

        def has_ended() -> bool:
            state.update(client.describe_execution(executionArn=execution))
            return bool(state["status"] != "RUNNING")

        wait_until(has_ended, f"{execution} does not end")
        return state

    def told_keys(self) -> set[str]:
        """Every record of a message."""
        return {stored.key for stored in self.data.keys("notifications/")}

    def attached(self, role: str) -> list[str]:
        """The ARNs of the policies attached to a role."""
        found = self.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        return [policy["PolicyArn"] for policy in found]


def _now(event: dict[str, Any], account: str, identifier: str, **changes: Any) -> dict[str, Any]:
    """An event about an instance, of just now, with an id of its own."""
    text = json.dumps(event).replace("111122223333", account).replace("i-0123456789abcdef0", identifier)
    moment = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made: dict[str, Any] = {
        **json.loads(text),
        "id": f"7bf73129-1428-4cd3-a780-{next(NUMBERS):012d}",
        "time": moment,
        **changes,
    }
    return made
