"""The Lambda function behind the queue of events."""
