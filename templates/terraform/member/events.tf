# An event is a hint: only account, region and instance are taken from it. No name begins with aws-controltower-, which
# Control Tower's policies forbid to everybody else.
locals {
  rules = {
    "fleetdx-instance-running" = {
      source      = ["aws.ec2"]
      detail-type = ["EC2 Instance State-change Notification"]
      detail      = { state = ["running"] }
    }
    "fleetdx-instance-profile-changed" = {
      source      = ["aws.ec2"]
      detail-type = ["AWS API Call via CloudTrail"]
      detail = {
        eventSource = ["ec2.amazonaws.com"]
        eventName   = ["AssociateIamInstanceProfile", "DisassociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"]
        errorCode   = [{ exists = false }]
      }
    }
  }

  rules_by_region = var.events_way == "none" ? {} : {
    for pair in setproduct(var.regions, keys(local.rules)) : "${pair[0]}/${pair[1]}" => { region = pair[0], rule = pair[1] }
  }
}

resource "aws_cloudwatch_event_rule" "instances" {
  for_each = local.rules_by_region

  region        = each.value.region
  name          = each.value.rule
  event_pattern = jsonencode(local.rules[each.value.rule])
}

resource "aws_cloudwatch_event_target" "instances" {
  for_each = local.rules_by_region

  region    = each.value.region
  rule      = aws_cloudwatch_event_rule.instances[each.key].name
  target_id = var.events_way == "bus" ? "central-bus" : "control-tower"
  arn       = var.events_way == "bus" ? var.event_bus_arn : "arn:${local.partition}:sns:${each.value.region}:${local.account}:aws-controltower-SecurityNotifications"
  role_arn  = var.events_way == "bus" ? aws_iam_role.forward_events[0].arn : null
}
