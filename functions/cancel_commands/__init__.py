"""The Lambda function behind the state CancelCommands."""
