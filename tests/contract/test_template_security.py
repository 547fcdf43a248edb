"""What a security review asks of the templates' resources, whatever a condition can leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tools.sources import TEMPLATES, template, template_names, with_everything_on

if TYPE_CHECKING:
    from collections.abc import Mapping

INLINE_BYTES, STORED_BYTES = 51_200, 1_000_000
"""CloudFormation's quotas for a template in a request and for one in S3."""
RESOURCES_OF_A_STACK, PARAMETERS_OF_A_STACK, OUTPUTS_OF_A_STACK = 500, 200, 200
FROM_S3 = {"central.yaml"}
"""Templates that a request cannot hold."""
PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}
PRIVATE = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
EVERYTHING = {name: one for file in template_names() for name, one in template(file)["Resources"].items()}


def of_kind(kind: str) -> Mapping[str, dict[str, Any]]:
    """The properties of every resource of a type, by its name."""
    return {name: one["Properties"] for name, one in EVERYTHING.items() if one["Type"] == kind}


BUCKETS, QUEUES, TOPICS = of_kind("AWS::S3::Bucket"), of_kind("AWS::SQS::Queue"), of_kind("AWS::SNS::Topic")
KEYS, LOG_GROUPS = of_kind("AWS::KMS::Key"), of_kind("AWS::Logs::LogGroup")
MACHINES, FUNCTIONS = of_kind("AWS::StepFunctions::StateMachine"), of_kind("AWS::Lambda::Function")


def denied_over_plain_http(kind: str, field: str, name: str) -> Any:
    """The statement of a resource's policy that denies whatever does not come over TLS."""
    [policy] = [one for one in of_kind(kind).values() if {"Ref": name} in (one[field], *one[field])]
    [denied] = [one for one in policy["PolicyDocument"]["Statement"] if one.get("Effect") == "Deny"]
    assert (denied["Principal"], denied["Condition"]) == ("*", PLAIN_HTTP)
    return denied


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_is_private_encrypted_and_versioned(name: str) -> None:
    """No way to make it public is open; what lies there is encrypted; what is overwritten can be looked at."""
    bucket = BUCKETS[name]
    assert bucket["PublicAccessBlockConfiguration"] == PRIVATE
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_takes_tls_only(name: str) -> None:
    """The bucket's policy denies every action on it and on what it holds without TLS."""
    denied = denied_over_plain_http("AWS::S3::BucketPolicy", "Bucket", name)
    assert denied["Action"] == "s3:*"
    assert denied["Resource"] == [{"Fn::GetAtt": [name, "Arn"]}, {"Fn::Sub": f"${{{name}.Arn}}/*"}]


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_forgets(name: str) -> None:
    """Old objects expire, and so do old versions and uploads that never ended."""
    rules = [one for one in BUCKETS[name]["LifecycleConfiguration"]["Rules"] if one["Status"] == "Enabled"]
    said = {field for rule in rules for field in rule}
    assert {"ExpirationInDays", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"} <= said


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted_and_takes_tls_only(name: str) -> None:
    """SQS's own key encrypts it, with which EventBridge and SNS can send; nothing comes without TLS."""
    assert QUEUES[name]["SqsManagedSseEnabled"] is True
    denied = denied_over_plain_http("AWS::SQS::QueuePolicy", "Queues", name)
    assert (denied["Action"], denied["Resource"]) == ("sqs:*", {"Fn::GetAtt": [name, "Arn"]})


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_has_a_key_that_its_publisher_may_use(name: str) -> None:
    """CloudWatch cannot publish under AWS's key for SNS, so the topic's key is ours, and lets in our alarms alone."""
    [key] = [KEYS[TOPICS[name]["KmsMasterKeyId"]["Ref"]]]
    assert key["EnableKeyRotation"] is True
    [topic] = [one for one in of_kind("AWS::SNS::TopicPolicy").values() if {"Ref": name} in one["Topics"]]
    by_alarms = [
        one
        for document in (key["KeyPolicy"], topic["PolicyDocument"])
        for one in document["Statement"]
        if one["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    ]
    assert [one["Action"] for one in by_alarms] == [["kms:Decrypt", "kms:GenerateDataKey*"], "sns:Publish"]
    for one in by_alarms:
        assert one["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        source = one["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
        assert source.endswith(":cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:fleetdx-*")


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_takes_tls_only_and_nobody_else(name: str) -> None:
    """What is no alarm of ours publishes nothing, and nothing is published without TLS."""
    denied = denied_over_plain_http("AWS::SNS::TopicPolicy", "Topics", name)
    assert (denied["Action"], denied["Resource"]) == ("sns:Publish", {"Ref": name})
    [topic] = [one for one in of_kind("AWS::SNS::TopicPolicy").values() if {"Ref": name} in one["Topics"]]
    allowed = [one for one in topic["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
    assert [one["Principal"] for one in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]


@pytest.mark.parametrize("name", LOG_GROUPS)
def test_every_log_group_has_an_end(name: str) -> None:
    """Lines are kept for as long as the parameter says."""
    assert LOG_GROUPS[name]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("name", MACHINES)
def test_every_machine_logs_errors_without_data(name: str) -> None:
    """Inputs and outputs of states are in no log."""
    logging = MACHINES[name]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    [destination] = logging["Destinations"]
    group = destination["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0]
    assert group in LOG_GROUPS


def test_nothing_is_traced_unless_asked_for() -> None:
    """Tracing is off as shipped; on, it traces every machine and function, and gives each of their roles the policy."""
    assert template("central.yaml")["Parameters"]["Tracing"]["Default"] == "off"
    roles = of_kind("AWS::IAM::Role")
    for name, one in MACHINES.items():
        assert one["TracingConfiguration"] == {"Enabled": {"Fn::If": ["HasTracing", True, False]}}, name
        assert roles[one["RoleArn"]["Fn::GetAtt"][0]]["ManagedPolicyArns"] == traced("TraceMachinePolicy"), name
    for name, one in FUNCTIONS.items():
        assert one["TracingConfig"] == {"Mode": {"Fn::If": ["HasTracing", "Active", "PassThrough"]}}, name
        assert roles[one["Role"]["Fn::GetAtt"][0]]["ManagedPolicyArns"] == traced("TraceFunctionPolicy"), name


def traced(policy: str) -> dict[str, Any]:
    """What a role has where something is traced."""
    return {"Fn::If": ["HasTracing", [{"Ref": policy}], {"Ref": "AWS::NoValue"}]}


def skipped() -> list[tuple[str, str, str]]:
    """Each check of checkov that a resource is left out of: the resource, the check, the reason."""
    return [
        (name, one["id"], one["comment"])
        for name, resource in EVERYTHING.items()
        for one in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]


def test_every_check_that_is_left_out_has_its_reason() -> None:
    """A reason is a sentence; of one kind of resource all leave out the same checks."""
    assert all(reason.endswith(".") and len(reason) > 40 for _, _, reason in skipped())
    by_resource = {name: {check for one, check, _ in skipped() if one == name} for name in EVERYTHING}
    for kind in (BUCKETS, QUEUES, LOG_GROUPS, FUNCTIONS):
        assert len({frozenset(by_resource[name]) for name in kind}) == 1
    named = {name for kind in (BUCKETS, QUEUES, LOG_GROUPS, FUNCTIONS) for name in kind}
    assert {name for name, checks in by_resource.items() if checks} == named


@pytest.mark.parametrize("file", template_names())
def test_everything_on_leaves_nothing_out(file: str) -> None:
    """What checkov looks at besides the files has every resource, under conditions that hold."""
    switched = with_everything_on(file)
    assert switched["Resources"] == template(file)["Resources"]
    assert set(switched["Conditions"]) == set(template(file).get("Conditions", {}))
    assert all(one == {"Fn::Equals": ["on", "on"]} for one in switched["Conditions"].values())


@pytest.mark.parametrize("file", template_names())
def test_a_template_keeps_within_cloudformations_quotas(file: str) -> None:
    """A request holds every template but the central one, which goes by S3 and has room for four times as much."""
    size = len((TEMPLATES / file).read_bytes())
    assert (size > INLINE_BYTES) is (file in FROM_S3)
    assert size < STORED_BYTES / 4
    read = template(file)
    assert len(read["Resources"]) < RESOURCES_OF_A_STACK * 0.6
    assert len(read["Parameters"]) < PARAMETERS_OF_A_STACK / 2
    assert len(read.get("Outputs", {})) < OUTPUTS_OF_A_STACK / 2
