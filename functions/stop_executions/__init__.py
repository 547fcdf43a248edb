"""The Lambda function behind the state StopExecutions."""
