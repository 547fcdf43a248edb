"""The Lambda function behind the state SummarizeImport."""
