"""Contract of the Systems Manager seam with moto 5.2.5: what moto does by itself, and what it does with the seam.

The first part pins moto's own behavior, so that an upgrade that changes it is noticed; the second part is ours, over
loopback HTTP with boto3.
"""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.server import ThreadedMotoServer
from moto.ssm.models import Document
from moto.ssm.responses import SimpleSystemManagerResponse

from emulator.agent.host import Host
from emulator.clock import Clock
from emulator.seams import ssm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ACCOUNT, OTHER_ACCOUNT = "123456789012", "444455556666"  # the first is the one moto gives to unknown keys
REGION = "ap-northeast-2"
LIBRARY = boto3.Session(region_name=REGION)
SERVED_OPERATIONS = [
    "send_command",
    "list_commands",
    "list_command_invocations",
    "get_command_invocation",
    "cancel_command",
    "describe_instance_information",
]


def echo_document(*steps: str, seconds: str = "60") -> dict[str, Any]:
    return {
        "schemaVersion": "2.2",
        "parameters": {
            "Word": {"type": "String", "allowedPattern": "^[a-z]+$"},
            "Mark": {"type": "String", "default": "!", "allowedPattern": "^[!?]$"},
        },
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": f"Step{number}",
                "precondition": {"StringEquals": ["platformType", "Linux"]},
                "inputs": {"runCommand": [step], "timeoutSeconds": seconds, "workingDirectory": "/run"},
            }
            for number, step in enumerate(steps or ("echo '{{Word}}' '{{Mark}}' $AWS_SSM_INSTANCE_ID",), 1)
        ],
    }


def add_document(client: Any, name: str, content: dict[str, Any]) -> None:
    client.create_document(Content=json.dumps(content), Name=name, DocumentType="Command")


@dataclass
class Registry:
    """Hosts by account and region."""

    known: dict[tuple[str, str], list[Host]] = field(default_factory=dict)

    def hosts(self, account: str, region: str) -> list[Host]:
        return list(self.known.get((account, region), ()))

    def add(self, host: Host) -> Host:
        self.known.setdefault((host.account, host.region), []).append(host)
        return host


@contextmanager
def served() -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        client = LIBRARY.client(
            "ssm",
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="made-up",
            aws_secret_access_key="made-up",
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )
        yield client
    finally:
        client.close()
        server.stop()


@pytest.fixture(scope="module")
def plain_client() -> Iterator[Any]:
    with served() as client:
        yield client


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def client(plain_client: Any, registry: Registry) -> Iterator[Any]:
    uninstall = ssm.install(registry, Clock(0.001), most_processes=4)
    add_document(plain_client, "echo", echo_document())
    try:
        yield plain_client
    finally:
        plain_client.delete_document(Name="echo")
        uninstall()


@pytest.fixture
def new_host(registry: Registry, tmp_path: Path) -> Callable[..., Host]:
    def make(instance_id: str = "i-00000000000000001", **changed: Any) -> Host:
        directory = tmp_path / instance_id
        directory.mkdir()
        return registry.add(replace(Host(instance_id, ACCOUNT, REGION, directory), **changed))

    return make


def finished(client: Any, command_id: str, seconds: float = 20) -> dict[str, dict[str, Any]]:
    """Invocations by instance id, once all have ended."""
    until = time.monotonic() + seconds
    while True:
        pages = client.get_paginator("list_command_invocations").paginate(CommandId=command_id, Details=True)
        found = {item["InstanceId"]: item for page in pages for item in page["CommandInvocations"]}
        if found and all(item["Status"] not in ("Pending", "InProgress", "Cancelling") for item in found.values()):
            return found
        assert time.monotonic() < until, found
        time.sleep(0.05)


def send(client: Any, *instance_ids: str, document: str = "echo", **changed: Any) -> dict[str, Any]:
    request = {"DocumentName": document, "InstanceIds": list(instance_ids), "Parameters": {"Word": ["hello"]}}
    command: dict[str, Any] = client.send_command(**request | changed)["Command"]
    return command


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["Error"]["Code"])


# What moto does by itself.


def test_moto_is_the_version_this_was_written_for() -> None:
    """Another moto needs this file to be read again."""
    assert version("moto") == "5.2.5"


def test_moto_by_itself_runs_nothing_and_says_success(plain_client: Any) -> None:
    """By itself moto takes documents and instances that do not exist, and answers Success at once."""
    command = plain_client.send_command(DocumentName="no-such", InstanceIds=["i-0000000000000dead"])["Command"]
    assert command["Status"] == "Success"
    invocation = plain_client.get_command_invocation(CommandId=command["CommandId"], InstanceId="i-0000000000000dead")
    assert (invocation["Status"], invocation["StandardOutputContent"]) == ("Success", "")


def test_moto_by_itself_takes_any_hash_of_a_document(plain_client: Any) -> None:
    """By itself moto runs a document whatever hash the caller names."""
    add_document(plain_client, "hashed", echo_document())
    named = {"DocumentHash": "0" * 64, "DocumentHashType": "Sha256"}
    command = plain_client.send_command(DocumentName="hashed", InstanceIds=["i-0000000000000dead"], **named)["Command"]
    assert command["Status"] == "Success"


def test_moto_by_itself_lacks_three_operations() -> None:
    """The operations that the seam adds are not there without it; those it replaces are."""
    present = [name for name in SERVED_OPERATIONS if hasattr(SimpleSystemManagerResponse, name)]
    assert present == ["send_command", "list_commands", "get_command_invocation"]


def test_moto_by_itself_keeps_a_templates_content_as_a_mapping() -> None:
    """By itself moto answers GetDocument, for a document made by CloudFormation, with no JSON."""
    with mock_aws():
        assert deploy_and_read(LIBRARY)[0] == "{"
        with pytest.raises(json.JSONDecodeError):
            json.loads(deploy_and_read(LIBRARY, "another"))


def deploy_and_read(session: boto3.Session, name: str = "by-template") -> str:
    made_up = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
    properties = {"Name": name, "DocumentType": "Command", "DocumentFormat": "JSON", "Content": echo_document()}
    template = {"Resources": {"Document": {"Type": "AWS::SSM::Document", "Properties": properties}}}
    session.client("cloudformation", **made_up).create_stack(StackName=name, TemplateBody=json.dumps(template))
    content: str = session.client("ssm", **made_up).get_document(Name=name)["Content"]
    return content


def test_uninstalling_puts_everything_back(registry: Registry) -> None:
    """After uninstall moto is as it was."""
    before = {name: vars(SimpleSystemManagerResponse).get(name) for name in SERVED_OPERATIONS}
    created = vars(Document)["create_from_cloudformation_json"]
    ssm.install(registry, Clock(0))()
    assert before == {name: vars(SimpleSystemManagerResponse).get(name) for name in SERVED_OPERATIONS}
    assert vars(Document)["create_from_cloudformation_json"] is created


# What it does with the seam.


def test_runs_a_document_on_a_host(client: Any, new_host: Callable[..., Host]) -> None:
    """A command goes from Pending to Success, and its output is what the host's shell printed."""
    host = new_host()
    command = send(client, host.instance_id, Comment="a word")
    assert (command["Status"], command["TargetCount"], command["Comment"]) == ("Pending", 1, "a word")
    invocation = finished(client, command["CommandId"])[host.instance_id]
    assert (invocation["Status"], invocation["StatusDetails"]) == ("Success", "Success")
    (plugin,) = invocation["CommandPlugins"]
    assert (plugin["Name"], plugin["Status"], plugin["ResponseCode"]) == ("Step1", "Success", 0)
    assert plugin["Output"] == f"hello ! {host.instance_id}\n"
    assert plugin["ResponseFinishDateTime"] >= plugin["ResponseStartDateTime"]
    detail = client.get_command_invocation(CommandId=command["CommandId"], InstanceId=host.instance_id)
    assert detail["StandardOutputContent"] == plugin["Output"]
    (listed,) = client.list_commands(CommandId=command["CommandId"])["Commands"]
    assert (listed["Status"], listed["CompletedCount"], listed["ErrorCount"]) == ("Success", 1, 0)


def test_only_the_named_instances_are_hit(client: Any, new_host: Callable[..., Host]) -> None:
    """A command with InstanceIds reaches those and no other host of the region."""
    named, _ = new_host("i-00000000000000001"), new_host("i-00000000000000002")
    command = send(client, named.instance_id)
    assert set(finished(client, command["CommandId"])) == {named.instance_id}


def test_shows_a_failed_step_as_the_agent_reports_it(client: Any, new_host: Callable[..., Host]) -> None:
    """A step that exits with 1 shows its output, the separator and the agent's own line."""
    add_document(client, "failing", echo_document("echo out; echo err >&2; exit 1", "echo on"))
    host = new_host()
    command = send(client, host.instance_id, document="failing")
    invocation = finished(client, command["CommandId"])[host.instance_id]
    assert invocation["Status"] == "Failed"
    first, second = invocation["CommandPlugins"]
    assert first["ResponseCode"] == 1
    assert first["Output"] == "out\n\n----------ERROR-------\nerr\n\nfailed to run commands: exit status 1"
    assert (second["Status"], second["Output"]) == ("Success", "on\n")
    get = client.get_command_invocation
    ids = {"CommandId": command["CommandId"], "InstanceId": host.instance_id}
    assert refusal(get, **ids) == "InvalidPluginName"
    assert refusal(get, **ids, PluginName="Step3") == "InvalidPluginName"
    assert get(**ids, PluginName="Step2")["StandardOutputContent"] == "on\n"
    (listed,) = client.list_commands(CommandId=command["CommandId"])["Commands"]
    assert (listed["Status"], listed["ErrorCount"]) == ("Failed", 1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"DocumentName": "no-such"}, "InvalidDocument"),
        ({"DocumentName": "a b"}, "ValidationException"),
        ({"DocumentVersion": "7"}, "InvalidDocumentVersion"),
        ({"InstanceIds": ["i-0000000000000dead"]}, "InvalidInstanceId"),
        ({"InstanceIds": ["i-00000000000000001", "i-0000000000000dead"]}, "InvalidInstanceId"),
        ({"InstanceIds": ["nonsense"]}, "InvalidInstanceId"),
        ({"InstanceIds": ["i-00000000000000001"] * 2}, "DuplicateInstanceId"),
        ({"InstanceIds": []}, "ValidationException"),
        ({"InstanceIds": [f"i-{number:017}" for number in range(51)]}, "ValidationException"),
        ({"Targets": [{"Key": "tag:a", "Values": ["b"]}]}, "ValidationException"),
        ({"Parameters": {}}, "InvalidParameters"),
        ({"Parameters": {"Word": ["hello"], "Other": ["x"]}}, "InvalidParameters"),
        ({"Parameters": {"Word": ["hello'; id; '"]}}, "InvalidParameters"),
        ({"Parameters": {"Word": ["two", "words"]}}, "InvalidParameters"),
        ({"MaxConcurrency": "0"}, "ValidationException"),
        ({"MaxConcurrency": "101%"}, "ValidationException"),
        ({"MaxErrors": "-1"}, "ValidationException"),
        ({"Comment": "x" * 101}, "ValidationException"),
        ({"TimeoutSeconds": 29}, "ValidationException"),
    ],
)
def test_refuses_what_the_service_refuses(
    client: Any, new_host: Callable[..., Host], changed: dict[str, Any], code: str
) -> None:
    """Each bad request is refused with AWS's own error, and starts nothing."""
    request = {"DocumentName": "echo", "InstanceIds": [new_host().instance_id], "Parameters": {"Word": ["hello"]}}
    assert refusal(client.send_command, **request | changed) == code
    assert client.list_commands()["Commands"] == []


def test_runs_a_document_of_the_hash_that_is_asked_for(client: Any, new_host: Callable[..., Host]) -> None:
    """The hash is the SHA-256 of the document's text, as GetDocument gives it; a command that names it runs."""
    host, text = new_host(), client.get_document(Name="echo")["Content"]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    assert client.describe_document(Name="echo")["Document"]["Hash"] == sha256
    command = send(client, host.instance_id, DocumentHash=sha256, DocumentHashType="Sha256")
    assert finished(client, command["CommandId"])[host.instance_id]["Status"] == "Success"


@pytest.mark.parametrize("kind", ["Sha256", "Sha1"])
def test_refuses_a_document_of_another_hash(client: Any, new_host: Callable[..., Host], kind: str) -> None:
    """A document whose text was changed is refused in AWS's words, and nothing starts."""
    request = {"DocumentName": "echo", "InstanceIds": [new_host().instance_id], "Parameters": {"Word": ["hello"]}}
    with pytest.raises(ClientError) as refused:
        client.send_command(**request, DocumentHash="0" * 64, DocumentHashType=kind)
    told = refused.value.response["Error"]
    assert (told["Code"], told["Message"]) == ("InvalidDocument", f"document hash {'0' * 64} does not match {kind}.")
    assert client.list_commands()["Commands"] == []


@pytest.mark.parametrize(
    ("letters", "whole"), [(23_868, True), (23_999, True), (24_000, False), (30_000, False)], ids=str
)
def test_shows_24_000_characters_of_a_steps_output(
    client: Any, new_host: Callable[..., Host], letters: int, *, whole: bool
) -> None:
    """GetCommandInvocation has so much of standard output, a list of invocations only 2,500; what is cut says so."""
    host = new_host()
    document = f"prints-{letters}"
    add_document(client, document, echo_document("true", f"head -c {letters} /dev/zero | tr '\\0' a"))
    command = send(client, host.instance_id, document=document)
    listed = finished(client, command["CommandId"])[host.instance_id]["CommandPlugins"][1]["Output"]
    ids = {"CommandId": command["CommandId"], "InstanceId": host.instance_id}
    shown = client.get_command_invocation(**ids, PluginName="Step2")["StandardOutputContent"]
    assert (len(listed), listed.endswith("truncated---")) == (2_500, True)
    assert len(shown) == min(letters, 24_000)
    assert (shown == "a" * letters) is whole
    assert shown.endswith("--output truncated--") is not whole


def test_shows_nothing_of_a_step_before_it_has_ended(client: Any, new_host: Callable[..., Host]) -> None:
    """While a step is at work its output is empty, even where it has printed; that of the one before is there."""
    host = new_host()
    add_document(client, "slow", echo_document("echo first", "echo second; sleep 71037"))
    command_id = send(client, host.instance_id, document="slow")["CommandId"]
    ids = {"CommandId": command_id, "InstanceId": host.instance_id}

    def shown(step: str) -> tuple[str, str]:
        told = client.get_command_invocation(**ids, PluginName=step)
        return told["Status"], told["StandardOutputContent"]

    until = time.monotonic() + 20
    while shown("Step1") != ("Success", "first\n"):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.3)
    assert shown("Step2") == ("InProgress", "")
    client.cancel_command(CommandId=command_id)
    finished(client, command_id)


def test_refuses_what_is_no_invocation(client: Any, new_host: Callable[..., Host]) -> None:
    """An unknown command, an instance that it was not sent to, and a step's name below 4 characters are refused."""
    host, other = new_host("i-00000000000000001"), new_host("i-00000000000000002")
    command_id = send(client, host.instance_id)["CommandId"]
    finished(client, command_id)
    get = client.get_command_invocation
    assert refusal(get, CommandId=command_id, InstanceId=other.instance_id) == "InvocationDoesNotExist"
    assert refusal(get, CommandId="0" * 36, InstanceId=host.instance_id) == "InvocationDoesNotExist"
    ids = {"CommandId": command_id, "InstanceId": host.instance_id}
    assert refusal(get, **ids, PluginName="Run") == "ValidationException"


def test_refuses_windows_for_a_shell_document(client: Any, new_host: Callable[..., Host]) -> None:
    """A document of shell steps is not sent to Windows."""
    host = new_host(platform_type="Windows")
    assert refusal(send, client, host.instance_id) == "UnsupportedPlatformType"


def test_a_silent_agent_times_out_undelivered(client: Any, new_host: Callable[..., Host]) -> None:
    """A host whose agent takes no command ends as DeliveryTimedOut, on the scaled clock; that is no error."""
    silent = new_host("i-00000000000000001", agent_state="silent")
    lost = new_host("i-00000000000000002", agent_state="connection_lost")
    well = new_host("i-00000000000000003")
    command = send(client, silent.instance_id, lost.instance_id, well.instance_id, TimeoutSeconds=600)
    found = finished(client, command["CommandId"])
    for host in (silent, lost):
        assert found[host.instance_id]["Status"] == "TimedOut"
        assert found[host.instance_id]["StatusDetails"] == "DeliveryTimedOut"
        assert found[host.instance_id]["CommandPlugins"][0]["ResponseCode"] == -1
    (listed,) = client.list_commands(CommandId=command["CommandId"])["Commands"]
    assert (listed["DeliveryTimedOutCount"], listed["ErrorCount"], listed["Status"]) == (2, 0, "Success")


def test_cancels(client: Any, new_host: Callable[..., Host]) -> None:
    """A canceled command kills the running host's step, and never begins the waiting one."""
    add_document(client, "sleeping", echo_document("sleep 71031"))
    hosts = [new_host(f"i-0000000000000000{number}") for number in (1, 2)]
    command = send(client, *(host.instance_id for host in hosts), document="sleeping", MaxConcurrency="1")
    command_id = command["CommandId"]
    assert refusal(client.cancel_command, CommandId="0" * 36) == "InvalidCommandId"
    foreign = {"CommandId": command_id, "InstanceIds": ["i-0000000000000dead"]}
    assert refusal(client.cancel_command, **foreign) == "InvalidInstanceId"
    time.sleep(0.3)
    client.cancel_command(CommandId=command_id)
    found = finished(client, command_id)
    assert [item["StatusDetails"] for item in found.values()] == ["Cancelled", "Cancelled"]
    (listed,) = client.list_commands(CommandId=command_id)["Commands"]
    assert listed["Status"] == "Cancelled"


def test_lists_in_pages(client: Any, new_host: Callable[..., Host]) -> None:
    """Lists come in pages of the size asked for, at most 50, and can be narrowed."""
    hosts = [new_host(f"i-{number:017}") for number in range(23)]
    command = send(client, *(host.instance_id for host in hosts))
    command_id = command["CommandId"]
    assert len(finished(client, command_id)) == 23
    first = client.list_command_invocations(CommandId=command_id, MaxResults=20)
    assert len(first["CommandInvocations"]) == 20
    assert first["CommandInvocations"][0]["CommandPlugins"] == []
    rest = client.list_command_invocations(CommandId=command_id, MaxResults=20, NextToken=first["NextToken"])
    assert len(rest["CommandInvocations"]) == 3
    assert "NextToken" not in rest
    one = client.list_command_invocations(CommandId=command_id, InstanceId=hosts[5].instance_id)
    assert [item["InstanceId"] for item in one["CommandInvocations"]] == [hosts[5].instance_id]
    listing = client.list_command_invocations
    assert refusal(listing, CommandId=command_id, MaxResults=51) == "ValidationException"
    assert refusal(listing, CommandId=command_id, NextToken="x") == "InvalidNextToken"
    assert listing(CommandId="00000000-0000-0000-0000-000000000000")["CommandInvocations"] == []


def test_finds_commands_by_when_they_were_sent(client: Any, new_host: Callable[..., Host]) -> None:
    """A repeated function can look up what it sent: by time, by instance, by document."""
    host = new_host()
    command_id = send(client, host.instance_id)["CommandId"]
    finished(client, command_id)

    def found(key: str, value: str) -> list[str]:
        commands = client.list_commands(Filters=[{"key": key, "value": value}])["Commands"]
        return [command["CommandId"] for command in commands]

    assert found("InvokedAfter", "2026-01-01T00:00:00Z") == [command_id]
    assert found("InvokedBefore", "2026-01-01T00:00:00Z") == []
    assert found("DocumentName", "echo") == [command_id]
    assert found("Status", "Failed") == []
    assert len(client.list_commands(InstanceId=host.instance_id)["Commands"]) == 1
    assert refusal(client.list_commands, Filters=[{"key": "Owner", "value": "me"}]) == "InvalidFilterKey"


def test_describes_the_hosts_of_one_account_and_region(client: Any, new_host: Callable[..., Host]) -> None:
    """Every registered host is described, hybrid ones by their own kind, in pages; other accounts' are not."""
    new_host("mi-00000000000000001", platform_name="Ubuntu", platform_version="24.04")
    new_host("i-00000000000000001", agent_state="connection_lost")
    new_host("i-00000000000000002", agent_state="silent", agent_version="2.3.672.0")
    new_host("i-00000000000000003", platform_type="Windows")
    new_host("i-00000000000000004", account=OTHER_ACCOUNT)
    new_host("i-00000000000000005", region="us-east-1")
    found = {item["InstanceId"]: item for item in client.describe_instance_information()["InstanceInformationList"]}
    assert list(found) == sorted(found)
    assert {name: (item["PingStatus"], item["PlatformType"], item["ResourceType"]) for name, item in found.items()} == {
        "i-00000000000000001": ("ConnectionLost", "Linux", "EC2Instance"),
        "i-00000000000000002": ("Online", "Linux", "EC2Instance"),
        "i-00000000000000003": ("Online", "Windows", "EC2Instance"),
        "mi-00000000000000001": ("Online", "Linux", "ManagedInstance"),
    }
    assert found["i-00000000000000002"]["AgentVersion"] == "2.3.672.0"
    assert found["mi-00000000000000001"]["PlatformVersion"] == "24.04"
    describe = client.describe_instance_information
    online = describe(Filters=[{"Key": "PingStatus", "Values": ["Online"]}])["InstanceInformationList"]
    assert len(online) == 3
    older = describe(InstanceInformationFilterList=[{"key": "InstanceIds", "valueSet": ["i-00000000000000003"]}])
    assert len(older["InstanceInformationList"]) == 1
    assert refusal(describe, MaxResults=4) == "ValidationException"
    assert refusal(describe, Filters=[{"Key": "tag:Name", "Values": ["x"]}]) == "InvalidFilterKey"


def test_describes_in_pages_of_ten(client: Any, new_host: Callable[..., Host]) -> None:
    """Unless asked otherwise a page holds ten hosts, so that a reader who forgets to page is found out."""
    for number in range(12):
        new_host(f"i-{number:017}")
    page = client.describe_instance_information()
    assert len(page["InstanceInformationList"]) == 10
    rest = client.describe_instance_information(NextToken=page["NextToken"])
    assert len(rest["InstanceInformationList"]) == 2


def test_serves_a_document_that_a_template_made(registry: Registry) -> None:
    """With the seam, GetDocument answers JSON for a document made by CloudFormation."""
    uninstall = ssm.install(registry, Clock(0))
    try:
        with mock_aws():
            assert json.loads(deploy_and_read(LIBRARY)) == echo_document()
    finally:
        uninstall()
