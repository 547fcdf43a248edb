"""What moto 5.2.5 does by itself: each seam is there because of one of these, and goes when its test fails.

In a module of its own, because the other modules keep their seams installed from test to test.
"""

from __future__ import annotations

import inspect
import json
import re
import time
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.cloudformation import parsing
from moto.cloudformation.models import Stack
from moto.core import responses, utils
from moto.core.common_models import CloudFormationModel
from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociationBackend as Associations
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.route_tables import Route
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.vpcs import VPCs
from moto.events.models import EventBus, EventsBackend, Rule
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse
from moto.organizations.responses import OrganizationsResponse
from moto.securityhub.responses import SecurityHubResponse
from moto.sns.models import Subscription
from moto.sqs.models import Queue
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.item_reader_decl import ItemReader
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import IterationWorker
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.eval.event import event_manager
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for
from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends
from moto.stepfunctions.responses import StepFunctionResponse

from emulator.seams import (
    cloud_formation,
    ec2_instances,
    histories,
    iam,
    iam_reports,
    network_templates,
    networks,
    organizations,
    readings,
    security_hub,
    service_models,
    step_functions,
    step_functions_failures,
)
from tests.contract.small_cloud import MADE_UP, moto_alone, run_alone, small_cloud
from tools.sources import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

DONE = {"Type": "Pass", "End": True}
DEFINITION = json.dumps({"StartAt": "Done", "States": {"Done": DONE}})
ACCOUNT = "123456789012"


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def test_moto_is_the_version_these_contracts_were_written_for() -> None:
    """An upgrade of moto is a decision: read this file again."""
    assert version("moto") == "5.2.5"


def test_a_wait_takes_real_seconds() -> None:
    """One second of Wait takes one second."""
    with moto_alone() as states:
        started = time.monotonic()
        run_alone(states, {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}})
    assert time.monotonic() - started >= 1


def test_one_machine_cannot_start_another() -> None:
    """startExecution.sync:2 fails, because moto no longer changes the parameters' case."""
    with moto_alone() as states:
        made = states.create_state_machine(name="child", definition=DEFINITION, roleArn=role("child"))
        start = {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": made["stateMachineArn"], "Name": "child"},
            "End": True,
        }
        assert run_alone(states, {"StartAt": "Start", "States": {"Start": start}})["status"] == "FAILED"


def test_a_map_worker_calls_itself_for_every_item() -> None:
    """The worker of a Map calls itself for the next item, which hangs beyond Python's depth of calls."""
    assert "self._eval_pool(" in inspect.getsource(IterationWorker._eval_pool)


def test_an_execution_is_called_none() -> None:
    """The ARN of an execution without a name ends in None."""
    with moto_alone() as states:
        made = states.create_state_machine(name="unnamed", definition=DEFINITION, roleArn=role("unnamed"))
        assert states.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"].endswith(":None")


def test_a_machine_acts_for_nobody_in_particular() -> None:
    """The clients of a machine are made for a region, without a look at whose machine it is."""
    source = inspect.getsource(boto_client_for)
    assert "role_arn" not in source
    assert "account" not in source


def test_failures_of_services_have_names_of_motos_own() -> None:
    """An error of StartExecution gets a second Exception to its name, and an unreadable list has no name at all."""
    assert 'f"StepFunctions.{error_code}Exception"' in inspect.getsource(StateTaskServiceSfn._from_error)
    assert "except" not in inspect.getsource(ItemReader)


def test_a_history_has_no_end() -> None:
    """Nothing in the interpreter knows the quota of 25,000 events."""
    assert "25000" not in inspect.getsource(event_manager).replace("_", "")


def test_a_template_makes_a_machine_that_cannot_run() -> None:
    """A machine from a template does not reach the interpreter; its substitutions stay in the text."""
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        machine = {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "templated",
                "RoleArn": role("templated"),
                "DefinitionString": DEFINITION.replace("Done", "${Name}"),
                "DefinitionSubstitutions": {"Name": "Done"},
            },
        }
        template = json.dumps({"Resources": {"Machine": machine}})
        boto3.client("cloudformation", **MADE_UP).create_stack(StackName="one", TemplateBody=template)
        assert stepfunctions_parser_backends[ACCOUNT]["us-east-1"].state_machines == []


def test_a_bucket_policy_in_a_template_is_skipped() -> None:
    """AWS::S3::BucketPolicy is left out with a warning, and the stack is complete all the same."""
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "b", "PolicyDocument": {}}}
    with mock_aws(), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        client = boto3.client("cloudformation", **MADE_UP)
        client.create_stack(StackName="one", TemplateBody=json.dumps({"Resources": {"Policy": policy}}))
        assert client.describe_stacks(StackName="one")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert any("BucketPolicy" in str(one.message) for one in told)


@pytest.mark.parametrize("kind", ["AWS::CloudWatch::Alarm", "AWS::SNS::TopicPolicy"])
def test_alarms_and_policies_of_topics_in_a_template_are_unknown(kind: str) -> None:
    """No class of moto's own makes either, so that it skips them with a warning."""
    of_moto = [one for one in CloudFormationModel.__subclasses__() if one.__module__.startswith("moto.")]
    assert of_moto
    assert [one for one in of_moto if one.cloudformation_type() == kind] == []


def test_a_dead_letter_changes_no_alarm() -> None:
    """An alarm over a queue with a message in it is as it was made."""
    with mock_aws():
        queue = boto3.client("sqs", **MADE_UP).create_queue(QueueName="dead")["QueueUrl"]
        boto3.client("sqs", **MADE_UP).send_message(QueueUrl=queue, MessageBody="one")
        client = boto3.client("cloudwatch", **MADE_UP)
        client.put_metric_alarm(
            AlarmName="dead",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Dimensions=[{"Name": "QueueName", "Value": "dead"}],
            Statistic="Maximum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        )
        assert client.describe_alarms()["MetricAlarms"][0]["StateValue"] == "OK"


def test_a_member_account_sees_an_empty_organization() -> None:
    """A member that asks for the accounts gets none of them, and no error."""
    with mock_aws():
        management = boto3.client("organizations", **MADE_UP)
        management.create_organization(FeatureSet="ALL")
        member = management.create_account(AccountName="member", Email="member@example.com")["CreateAccountStatus"]
        assumed = boto3.client("sts", **MADE_UP).assume_role(
            RoleArn=f"arn:aws:iam::{member['AccountId']}:role/any", RoleSessionName="any"
        )["Credentials"]
        there = boto3.client(
            "organizations",
            region_name="us-east-1",
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
        )
        assert there.list_accounts()["Accounts"] == []


def test_iam_attaches_whatever_it_is_asked_to() -> None:
    """No quota and no service-linked role keeps a policy from a role, and a template's role is left without its own."""
    source = inspect.getsource(IAMBackend.attach_role_policy)
    assert "quota" not in source
    assert "service-role" not in source
    assert "ManagedPolicyArns" not in inspect.getsource(Role.create_from_cloudformation_json)


def test_iam_simulates_nothing_and_reports_in_part() -> None:
    """There is no policy simulator, and the account's authorization details never come in pages."""
    assert not hasattr(IamResponse, "simulate_principal_policy")
    source = inspect.getsource(IamResponse.get_account_authorization_details)
    assert '"IsTruncated": False' in source
    assert "Marker" not in source


def test_security_hub_answers_every_finding_to_anybody() -> None:
    """GetFindings looks neither at its filters nor at whether Security Hub is enabled."""
    with mock_aws():
        hub = boto3.client("securityhub", **MADE_UP)
        finding = {"Id": "one", "AwsAccountId": ACCOUNT, "Resources": [{"Type": "Other", "Id": "thing"}]}
        more = dict.fromkeys(["SchemaVersion", "ProductArn", "GeneratorId", "Title", "Description"], "any")
        moments = dict.fromkeys(["CreatedAt", "UpdatedAt"], "2026-11-26T00:00:00Z")
        hub.batch_import_findings(Findings=[{**finding, **more, **moments}])
        other = {"AwsAccountId": [{"Value": "000000000000", "Comparison": "EQUALS"}]}
        assert len(hub.get_findings(Filters=other)["Findings"]) == 1


def test_ec2_shows_instances_in_part() -> None:
    """An instance has neither PlatformDetails nor Operator nor a group, and forgets options."""
    with mock_aws():
        ec2 = boto3.client("ec2", **MADE_UP)
        made = ec2.run_instances(ImageId="ami-00000000000000001", MinCount=1, MaxCount=1)["Instances"][0]
        assert not {"PlatformDetails", "Operator"} & set(made)
        assert made["SecurityGroups"] == []
        modify = ec2.modify_instance_metadata_options
        assert (
            "HttpTokens"
            not in modify(InstanceId=made["InstanceId"], HttpEndpoint="disabled")["InstanceMetadataOptions"]
        )


def test_systems_manager_knows_no_settings_and_no_compliance() -> None:
    """Service settings and summaries of compliance are not there."""
    added = ("get_service_setting", "update_service_setting", "list_resource_compliance_summaries")
    assert not any(hasattr(SimpleSystemManagerResponse, name) for name in added)


def test_events_go_nowhere_that_fleetdx_needs() -> None:
    """A rule sends to no topic, a forwarded event loses its account, and anybody may put AWS's own events."""
    source = inspect.getsource(Rule.send_to_targets)
    assert "sns" not in source
    assert "cross_account_backend.put_events" in source
    assert "aws." not in inspect.getsource(EventsBackend.put_events)
    assert "physical_resource_id" not in vars(EventBus)


def test_instances_tell_nobody_what_happens_to_them() -> None:
    """EC2 emits no event, and a replaced association leaves the old profile on its instance."""
    assert "events" not in inspect.getsource(InstanceBackend.run_instances)
    assert "modify_instance_attribute" not in inspect.getsource(Associations.replace_iam_instance_profile_association)


def test_networks_are_described_as_nobody_would_build_them() -> None:
    """Endpoints lie outside of their subnets and stay as they were made, no route is dead, a VPC has no DNS server."""
    assert "random_private_ip()" in inspect.getsource(VPCBackend.create_vpc_endpoint)
    assert "PrivateDnsEnabled" not in inspect.getsource(VPCs.modify_vpc_endpoint)
    assert "network_interface" not in inspect.getsource(VPCEndPoint.modify)
    assert "blackhole" not in inspect.getsource(Route)
    assert "dhcp" not in inspect.getsource(VPCBackend.create_vpc)
    assert "gateway" not in inspect.getsource(VPCBackend.create_default_vpc)
    assert "deny" not in inspect.getsource(NetworkAclBackend.create_network_acl)


def test_a_template_says_nothing_of_what_leaves_a_group() -> None:
    """Rules for egress are unknown as a resource, and left out where a group has them itself."""
    assert "SecurityGroupEgress" not in inspect.getsource(SecurityGroup.create_from_cloudformation_json)
    assert parsing.resource_class_from_type("AWS::EC2::SecurityGroupEgress") is None


def test_a_queue_invokes_functions_while_a_message_is_sent() -> None:
    """A mapped function runs inside of SendMessage, and a message that arrives during a deletion can be lost."""
    assert "send_sqs_batch" in inspect.getsource(Queue.add_message)
    assert "lock" not in inspect.getsource(Queue.delete_message)


def test_a_notification_makes_a_key_pair() -> None:
    """SNS signs every message with a new key, which takes longer than everything else about it."""
    assert "private_key()" in inspect.getsource(Subscription.get_post_data)


def test_every_reader_of_a_service_model_has_a_loader_of_its_own() -> None:
    """Models are read by a new loader each time, and nothing keeps two threads from reading the same one at once."""
    assert "create_loader()" in inspect.getsource(utils._load_service_model)


def test_every_call_lists_all_methods_of_its_service() -> None:
    """The names are listed anew each time, whichever one is asked for."""
    assert "cache" not in inspect.getsource(responses.method_names_from_class)
    assert "method_names_from_class(self.__class__)" in inspect.getsource(responses.BaseResponse.call_action)


def test_seams_put_back_what_they_replaced(tmp_path: Path) -> None:
    """After the seams are taken out, moto is as it was; none of them leaves anything behind."""
    before = _replaced_parts()
    with small_cloud(tmp_path):
        during = _replaced_parts()
    assert _replaced_parts() == before
    assert all(during[name] is not part for name, part in before.items())


def _replaced_parts() -> dict[str, Any]:
    return {
        step_functions.__name__: IterationWorker._eval_pool,
        f"{step_functions.__name__}.start": StepFunctionsParserBackend.start_execution,
        f"{step_functions_failures.__name__}.start": StateTaskServiceSfn._from_error,
        f"{step_functions_failures.__name__}.read": ItemReader._eval_body,
        histories.__name__: StepFunctionResponse.get_execution_history,
        cloud_formation.__name__: vars(StateMachine)["create_from_cloudformation_json"],
        iam.__name__: IAMBackend.attach_role_policy,
        f"{iam.__name__}.create": vars(Role)["create_from_cloudformation_json"],
        iam_reports.__name__: IamResponse.get_account_authorization_details,
        security_hub.__name__: SecurityHubResponse.get_findings,
        ec2_instances.__name__: InstanceResponse.run_instances,
        networks.__name__: VPCBackend.create_vpc_endpoint,
        f"{networks.__name__}.route": vars(Route)["state"],
        network_templates.__name__: parsing.resource_class_from_type,
        organizations.__name__: vars(OrganizationsResponse)["organizations_backend"],
        service_models.__name__: utils._load_service_model,
        f"{readings.__name__}.template": Stack.parse_template,
        f"{readings.__name__}.definition": AmazonStateLanguageParser.parse,
        f"{readings.__name__}.methods": responses.method_names_from_class,
    }


def test_a_function_wants_a_container() -> None:
    """Invoking a function starts a container, which nothing here may need."""
    assert "docker" in inspect.getsource(LambdaFunction._invoke_lambda)


def test_the_table_of_fidelity_names_what_exists() -> None:
    """Every file that emulator/FIDELITY.md names is there, and every seam stands in it."""
    text = (PROJECT / "emulator" / "FIDELITY.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    for row in rows:
        for folder, cell in (("emulator", row[3]), ("tests/contract", row[4])):
            for name in re.findall(r"`([\w./]+(?:\.py|/))`", cell):
                assert (PROJECT / folder / name).exists(), name
    seams = {path.name for path in (PROJECT / "emulator" / "seams").glob("*.py")}
    for seam in seams - {"__init__.py", "attached.py", "patching.py", "readings.py", "service_models.py"}:
        assert f"`seams/{seam}`" in text
