variable "central_account_id" {
  description = "The account that templates/central.yaml is deployed in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.central_account_id))
    error_message = "An account's id has 12 digits."
  }
}

variable "external_id" {
  description = "The same text as in the central stack."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@:/-]{2,1224}$", var.external_id))
    error_message = "An external id has 2 to 1,224 of the characters that IAM allows."
  }
}

variable "member_role_prefix" {
  description = "The same text as in the central stack."
  type        = string
  default     = "fleetdx-member-"
}

variable "document_name" {
  description = "Name of the SSM document that templates/member_region.yaml creates."
  type        = string
  default     = "fleetdx-scan"
}

variable "mending" {
  description = "Whether to make the role that attaches policies, and the default role of instances."
  type        = bool
  default     = true
}

variable "security_hub_findings" {
  description = "Whether to make the role by which runs import their findings into the account's Security Hub."
  type        = bool
  default     = false
}

variable "customer_managed_policy" {
  description = "Path and name of a policy of your own that mending attaches in the place of AmazonSSMManagedInstanceCore; empty means AWS's."
  type        = string
  default     = ""
}

variable "default_instance_profile" {
  description = "Name of the instance profile, and of its role, for instances that have none."
  type        = string
  default     = "fleetdx-default-instance"
}

variable "operator_arn_pattern" {
  description = "Whose people may see in the console what a command printed on a host: the ARN of a role or user of the central account, with * for any characters; \"none\" leaves the role for it out."
  type        = string
  default     = "none"
}

variable "events_way" {
  description = "How events reach the central account: control_tower, bus or none."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "control_tower", "bus"], var.events_way)
    error_message = "The way is control_tower, bus or none."
  }
}

variable "event_bus_arn" {
  description = "The central stack's output EventBusArn, where events go by the bus."
  type        = string
  default     = "none"

  validation {
    condition     = var.events_way != "bus" || var.event_bus_arn != "none"
    error_message = "The way \"bus\" needs the bus's ARN, an output of the central stack."
  }
}

variable "regions" {
  description = "Regions in which rules are made."
  type        = set(string)
}
