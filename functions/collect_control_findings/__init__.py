"""The Lambda function behind the state CollectControlFindings."""
