"""The Lambda function behind the state ResolveInstanceRole."""
