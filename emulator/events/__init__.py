"""How events travel on the embedded AWS: EventBridge, SNS, Control Tower's forwarder, SQS, and on to functions."""
