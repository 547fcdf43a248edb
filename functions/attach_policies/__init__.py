"""The Lambda function behind the state AttachPolicies."""
