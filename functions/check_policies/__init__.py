"""The Lambda function behind the state CheckPolicies."""
