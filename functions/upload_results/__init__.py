"""The Lambda function behind the state UploadResults."""
