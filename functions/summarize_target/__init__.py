"""The Lambda function behind the state SummarizeTarget."""
