"""The Lambda function behind the state ExportResults."""
