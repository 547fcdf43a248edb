"""Every question: what it asks, what rights its answer takes, and the remedy. docs/deploy-check.md shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        asks: It, in words.
        rights: What the caller needs, in IAM's words; all of them read.
        remedy: What to do where it fails and nothing more particular is known.
        after: Whether it is asked of what is deployed.
    """

    asks: str
    rights: tuple[str, ...]
    remedy: str
    after: bool = False


STACK_RIGHTS: Final = ("cloudformation:DescribeStacks", "cloudformation:ListStackResources")

QUESTIONS: Final[dict[str, Question]] = {
    "credentials_work": Question(
        "Does AWS know the credentials of each profile?",
        (),
        "Sign in again with this profile (for instance aws sso login --profile NAME), or correct it.",
    ),
    "accounts_are_of_one_organization": Question(
        "Are the accounts of the profiles in one organization, and is the management account's its manager?",
        ("organizations:DescribeOrganization",),
        "Correct the profiles in the settings.",
    ),
    "organization_has_all_features": Question(
        "Is there an organization with all features?",
        ("organizations:DescribeOrganization",),
        "Create an organization, or enable all features in the management account; member accounts have to agree.",
    ),
    "stack_sets_are_trusted": Question(
        "May StackSets work in the organization's accounts?",
        ("organizations:ListAWSServiceAccessForOrganization", "cloudformation:DescribeOrganizationsAccess"),
        "In the management account: aws cloudformation activate-organizations-access",
    ),
    "stack_sets_are_delegated": Question(
        "May the central account own the organization's StackSets, where the settings say so?",
        ("organizations:ListDelegatedAdministrators",),
        "Register the central account, or set stack_sets_from to management.",
    ),
    "hub_reads_the_organization": Question(
        "May the central account list the organization's accounts?",
        (
            "organizations:ListAccounts",
            "organizations:ListDelegatedAdministrators",
            "organizations:DescribeResourcePolicy",
        ),
        "Register the central account as delegated administrator of a service (StackSets, Security Hub), or give it a "
        "delegation policy with organizations:List* and organizations:Describe*.",
    ),
    "units_have_accounts": Question(
        "Does every organizational unit of the settings exist, with active accounts below it?",
        ("organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"),
        "Correct organizational_units in the settings.",
    ),
    "security_hub_is_delegated": Question(
        "Is the account of SecurityHubAccountId Security Hub's delegated administrator?",
        ("organizations:ListDelegatedAdministrators",),
        "Name the account that is, or register this one in Security Hub's settings.",
    ),
    "control_tower_topic_takes_subscribers": Question(
        "Is Control Tower's topic in the audit account, in each region, and does it let us subscribe?",
        ("sns:GetTopicAttributes",),
        "Correct TopicName in the settings, leave regions out that Control Tower does not govern, or let events go by "
        "the bus.",
    ),
    "trail_records_changes": Question(
        "Does a CloudTrail trail that logs record what changes instances, in each region?",
        ("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"),
        "Make a trail of the organization for all regions with management events (write), or start its logging. "
        "Without one, instances that start are still seen, but not changes of their instance profile.",
    ),
    "regions_are_enabled": Question(
        "Is every region of the settings enabled in the accounts of the profiles?",
        ("ec2:DescribeRegions",),
        "Enable the region in the account, or leave it out of the settings.",
    ),
    "members_have_the_regions": Question(
        "Is every region that has to be opted in to enabled in all active accounts?",
        ("ec2:DescribeRegions", "account:ListRegions", "organizations:ListAccounts"),
        "Enable the region there, or leave it out of the settings.",
    ),
    "functions_have_concurrency": Question(
        "Does Lambda let enough functions run at a time?",
        ("lambda:GetAccountSettings",),
        "Ask Service Quotas for more: Lambda, Concurrent executions (L-B99A9384). Until then functions are throttled "
        "and try again, and runs of many accounts take longer.",
    ),
    "executions_may_be_open": Question(
        "Does Step Functions let enough executions be open?",
        ("servicequotas:ListServiceQuotas",),
        "Ask Service Quotas for more open executions of Step Functions.",
    ),
    "roles_have_room": Question(
        "Is there room for the central stack's roles?",
        ("iam:GetAccountSummary", *STACK_RIGHTS),
        "Ask Service Quotas for more roles per account (IAM, in us-east-1), or delete some.",
    ),
    "stack_name_is_free": Question(
        "Is the central stack's name free, or the stack ours and fit to be updated?",
        STACK_RIGHTS,
        "Rename or delete that stack.",
    ),
    "bucket_names_are_free": Question(
        "Are the names of the buckets free, or the buckets ours, where the deployment takes them over?",
        ("s3:ListAllMyBuckets", "s3:ListBucket", *STACK_RIGHTS),
        "Move what is in them and delete them, or deploy to another home region.",
    ),
    "role_names_are_free": Question(
        "Are the names of the roles free, or the roles our stack's?",
        ("iam:ListRoles", *STACK_RIGHTS),
        "Delete or rename them; names of roles are unique in an account, whatever their path.",
    ),
    "outputs_are_there": Question(
        "Is there everything that the central stack names in its outputs?",
        ("s3:ListBucket", "states:DescribeStateMachine", "sqs:GetQueueAttributes", "ssm:GetParameter"),
        "Deploy the central stack again.",
        after=True,
    ),
    "events_are_subscribed": Question(
        "Is the central account's queue subscribed to Control Tower's topic, in each region?",
        ("sns:ListSubscriptionsByTopic", "sqs:GetQueueAttributes"),
        "Deploy audit_region.yaml there; confirm a subscription that is pending (docs/operations.md).",
        after=True,
    ),
    "members_can_be_entered": Question(
        "Can the functions enter every account and region? Asked by a dry run, which sends no command.",
        ("states:StartExecution", "states:DescribeExecution", "s3:GetObject", "s3:ListBucket"),
        "Deploy the member stacks there; docs/reasons.md says what each reason means.",
        after=True,
    ),
    "one_instance_is_scanned": Question(
        "Does a scan of one instance end complete, with a verified result?",
        ("states:StartExecution", "states:DescribeExecution", "s3:GetObject", "s3:ListBucket"),
        'docs/operations.md, "A run failed", says where to look.',
        after=True,
    ),
}
"""By code, in the order in which they are asked."""

OUT_OF_REACH: Final = (
    "Service control policies: what they forbid shows only when it is tried; of deployed roles tests/aws/ asks AWS.",
    "Member accounts without a profile: their quotas, and names there that are taken.",
    "Rates at which AWS throttles, above all Step Functions' state transitions, which are few in a new account.",
)
"""What no question covers; told below every table."""
