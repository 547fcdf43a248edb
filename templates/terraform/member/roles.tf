locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id

  policy_to_attach = var.customer_managed_policy == "" ? "arn:${local.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore" : "arn:${local.partition}:iam::${local.account}:policy/${var.customer_managed_policy}"

  read_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:${local.partition}:iam::${var.central_account_id}:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "sts:ExternalId" = var.external_id
          }
          ArnEquals = {
            "aws:PrincipalArn" = [
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-assume-role",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-discover-instances",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-resolve-instance-role",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-check-policies",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-verify-managed",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-check-coverage",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-collect-control-findings",
            ]
          }
        }
      },
    ]
  }

  read_permissions = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "SeeWhatExists"
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups",
          "ec2:DescribeInstances",
          "ec2:DescribeIamInstanceProfileAssociations",
          "ssm:DescribeInstanceInformation",
        ]
        Resource = "*"
      },
      {
        Sid    = "SeeWhyNotManaged"
        Effect = "Allow"
        Action = [
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeImages",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeManagedPrefixLists",
          "ec2:DescribeNatGateways",
          "ec2:DescribeNetworkAcls",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcEndpoints",
          "ec2:DescribeVpcs",
          "iam:GetAccountAuthorizationDetails",
          "ssm:ListResourceComplianceSummaries",
        ]
        Resource = "*"
      },
      {
        Sid      = "SeeNamesOfNetworks"
        Effect   = "Allow"
        Action   = "ec2:DescribeVpcAttribute"
        Resource = "arn:${local.partition}:ec2:*:*:vpc/*"
      },
      {
        Sid      = "SeePrefixLists"
        Effect   = "Allow"
        Action   = "ec2:GetManagedPrefixListEntries"
        Resource = "arn:${local.partition}:ec2:*:*:prefix-list/*"
      },
      {
        Sid      = "SeeDefaultHostManagement"
        Effect   = "Allow"
        Action   = "ssm:GetServiceSetting"
        Resource = "arn:${local.partition}:ssm:*:${local.account}:servicesetting/ssm/managed-instance/default-ec2-instance-management-role"
      },
      {
        Sid      = "SeeWhatTheOrganizationDenies"
        Effect   = "Allow"
        Action   = "iam:SimulatePrincipalPolicy"
        Resource = "arn:${local.partition}:iam::${local.account}:role/*"
      },
      {
        Sid      = "SeeFindingsOfTheControl"
        Effect   = "Allow"
        Action   = "securityhub:GetFindings"
        Resource = "arn:${local.partition}:securityhub:*:${local.account}:hub/default"
      },
      {
        Sid    = "SeeRolesOfInstances"
        Effect = "Allow"
        Action = [
          "iam:GetRolePolicy",
          "iam:ListAttachedRolePolicies",
          "iam:ListRolePolicies",
        ]
        Resource = "arn:${local.partition}:iam::${local.account}:role/*"
      },
      {
        Sid      = "SeeProfilesOfInstances"
        Effect   = "Allow"
        Action   = "iam:GetInstanceProfile"
        Resource = "arn:${local.partition}:iam::${local.account}:instance-profile/*"
      },
      {
        Sid    = "SeeWhatTheirPoliciesAllow"
        Effect = "Allow"
        Action = ["iam:GetPolicy", "iam:GetPolicyVersion"]
        Resource = [
          "arn:${local.partition}:iam::aws:policy/*",
          "arn:${local.partition}:iam::${local.account}:policy/*",
        ]
      },
    ]
  }

  scan_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:${local.partition}:iam::${var.central_account_id}:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "sts:ExternalId" = var.external_id
          }
          ArnEquals = {
            "aws:PrincipalArn" = [
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-send-command",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-check-command",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-upload-results",
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-cancel-commands",
            ]
          }
        }
      },
    ]
  }

  scan_permissions = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SeeWhatWasSent"
        Effect   = "Allow"
        Action   = ["ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommands", "ssm:ListCommandInvocations"]
        Resource = "*"
      },
      {
        Sid      = "StopWhatWasSent"
        Effect   = "Allow"
        Action   = "ssm:CancelCommand"
        Resource = "*"
      },
      {
        Sid      = "SendOurDocument"
        Effect   = "Allow"
        Action   = "ssm:SendCommand"
        Resource = "arn:${local.partition}:ssm:*:${local.account}:document/${var.document_name}"
      },
      {
        Sid      = "ToInstances"
        Effect   = "Allow"
        Action   = "ssm:SendCommand"
        Resource = "arn:${local.partition}:ec2:*:${local.account}:instance/*"
      },
    ]
  }

  import_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:${local.partition}:iam::${var.central_account_id}:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "sts:ExternalId" = var.external_id
          }
          ArnEquals = {
            "aws:PrincipalArn" = [
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-import-findings",
            ]
          }
        }
      },
    ]
  }

  import_permissions = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ImportOurFindings"
        Effect   = "Allow"
        Action   = "securityhub:BatchImportFindings"
        Resource = "arn:${local.partition}:securityhub:*:${local.account}:product/${local.account}/default"
      },
    ]
  }

  inspect_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:${local.partition}:iam::${var.central_account_id}:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          ArnLike = {
            "aws:PrincipalArn" = var.operator_arn_pattern
          }
        }
      },
    ]
  }

  inspect_permissions = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SeeWhatCommandsPrinted"
        Effect   = "Allow"
        Action   = "ssm:ListCommandInvocations"
        Resource = "*"
      },
    ]
  }

  mend_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          AWS = "arn:${local.partition}:iam::${var.central_account_id}:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "sts:ExternalId" = var.external_id
          }
          ArnEquals = {
            "aws:PrincipalArn" = [
              "arn:${local.partition}:iam::${var.central_account_id}:role/fleetdx/fleetdx-attach-policies",
            ]
          }
        }
      },
    ]
  }

  mend_permissions = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "AttachThisPolicyOnly"
        Effect   = "Allow"
        Action   = "iam:AttachRolePolicy"
        Resource = "arn:${local.partition}:iam::${local.account}:role/*"
        Condition = {
          ArnEquals = {
            "iam:PolicyARN" = local.policy_to_attach
          }
        }
      },
      {
        Sid      = "GiveInstancesAProfile"
        Effect   = "Allow"
        Action   = "ec2:AssociateIamInstanceProfile"
        Resource = "arn:${local.partition}:ec2:*:${local.account}:instance/*"
      },
      {
        Sid      = "PassTheDefaultRoleOnly"
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "arn:${local.partition}:iam::${local.account}:role/fleetdx/${var.default_instance_profile}"
        Condition = {
          StringEquals = {
            "iam:PassedToService" = "ec2.amazonaws.com"
          }
        }
      },
      {
        Sid    = "LeaveTheseAlone"
        Effect = "Deny"
        Action = ["iam:AttachRolePolicy", "iam:PassRole"]
        Resource = [
          "arn:${local.partition}:iam::${local.account}:role/aws-service-role/*",
          "arn:${local.partition}:iam::${local.account}:role/aws-reserved/*",
          "arn:${local.partition}:iam::${local.account}:role/*AWSReservedSSO*",
          "arn:${local.partition}:iam::${local.account}:role/aws-controltower*",
          "arn:${local.partition}:iam::${local.account}:role/*/aws-controltower*",
          "arn:${local.partition}:iam::${local.account}:role/AWSControlTower*",
          "arn:${local.partition}:iam::${local.account}:role/stacksets-exec-*",
          "arn:${local.partition}:iam::${local.account}:role/OrganizationAccountAccessRole",
          "arn:${local.partition}:iam::${local.account}:role/fleetdx/${var.member_role_prefix}*",
        ]
      },
    ]
  }

  default_instance_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "ec2.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  }

  forward_events_trust = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "events.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = local.account
          }
        }
      },
    ]
  }

  forward_events_permissions = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "events:PutEvents"
        Resource = var.event_bus_arn
      },
    ]
  }
}

resource "aws_iam_role" "read" {
  path                 = "/fleetdx/"
  name                 = "${var.member_role_prefix}read"
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.read_trust)
}

resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.read.name
  name   = "read"
  policy = jsonencode(local.read_permissions)
}

resource "aws_iam_role" "scan" {
  path                 = "/fleetdx/"
  name                 = "${var.member_role_prefix}scan"
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.scan_trust)
}

resource "aws_iam_role_policy" "scan" {
  role   = aws_iam_role.scan.name
  name   = "scan"
  policy = jsonencode(local.scan_permissions)
}

resource "aws_iam_role" "import" {
  count = var.security_hub_findings ? 1 : 0

  path                 = "/fleetdx/"
  name                 = "${var.member_role_prefix}import"
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.import_trust)
}

resource "aws_iam_role_policy" "import" {
  count = var.security_hub_findings ? 1 : 0

  role   = aws_iam_role.import[0].name
  name   = "import"
  policy = jsonencode(local.import_permissions)
}

# For people, not for functions: what a command printed, and never its parameters, which hold signatures.
resource "aws_iam_role" "inspect" {
  count = var.operator_arn_pattern == "none" ? 0 : 1

  path                 = "/fleetdx/"
  name                 = "${var.member_role_prefix}inspect"
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.inspect_trust)
}

resource "aws_iam_role_policy" "inspect" {
  count = var.operator_arn_pattern == "none" ? 0 : 1

  role   = aws_iam_role.inspect[0].name
  name   = "inspect"
  policy = jsonencode(local.inspect_permissions)
}

resource "aws_iam_role" "mend" {
  count = var.mending ? 1 : 0

  path                 = "/fleetdx/"
  name                 = "${var.member_role_prefix}mend"
  max_session_duration = 3600
  assume_role_policy   = jsonencode(local.mend_trust)
}

resource "aws_iam_role_policy" "mend" {
  count = var.mending ? 1 : 0

  role   = aws_iam_role.mend[0].name
  name   = "mend"
  policy = jsonencode(local.mend_permissions)
}

# What an instance without a profile is given where the configuration says so.
resource "aws_iam_role" "default_instance" {
  count = var.mending ? 1 : 0

  path               = "/fleetdx/"
  name               = var.default_instance_profile
  assume_role_policy = jsonencode(local.default_instance_trust)
}

resource "aws_iam_role_policy_attachment" "default_instance" {
  count = var.mending ? 1 : 0

  role       = aws_iam_role.default_instance[0].name
  policy_arn = local.policy_to_attach
}

resource "aws_iam_instance_profile" "default_instance" {
  count = var.mending ? 1 : 0

  path = "/fleetdx/"
  name = var.default_instance_profile
  role = aws_iam_role.default_instance[0].name
}

# As what the rules send to the central account's bus.
resource "aws_iam_role" "forward_events" {
  count = var.events_way == "bus" ? 1 : 0

  path               = "/fleetdx/"
  name               = "fleetdx-forward-events"
  assume_role_policy = jsonencode(local.forward_events_trust)
}

resource "aws_iam_role_policy" "forward_events" {
  count = var.events_way == "bus" ? 1 : 0

  role   = aws_iam_role.forward_events[0].name
  name   = "forward-events"
  policy = jsonencode(local.forward_events_permissions)
}
