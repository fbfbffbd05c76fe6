# SPDX-License-Identifier: MIT
# Every IAM resource that imdsd serves, each with what a plan compares.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

# What the second apply changes.
variable "stage" { type = string }

provider "aws" {
  region                      = "eu-west-1"
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_credentials_validation = false
  max_retries                 = 1
  endpoints {
    iam = var.endpoint
    sts = var.endpoint
  }
  default_tags {
    tags = { stack = "tf" }
  }
}

data "aws_caller_identity" "me" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = var.stage == "one" ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.dev.arn]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = var.stage == "one" ? ["s3:GetObject"] : ["s3:GetObject", "s3:ListBucket"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "read" {
  name        = "tf-read"
  path        = "/tf/"
  description = "Reads objects"
  policy      = data.aws_iam_policy_document.read.json
  tags        = { stage = var.stage }
}

resource "aws_iam_policy" "limit" {
  name   = "tf-limit"
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role" "app" {
  name                  = "tf-app"
  path                  = "/tf/"
  description           = "Stage ${var.stage}"
  assume_role_policy    = data.aws_iam_policy_document.trust.json
  max_session_duration  = var.stage == "one" ? 3600 : 7200
  permissions_boundary  = var.stage == "one" ? aws_iam_policy.limit.arn : null
  force_detach_policies = true
  tags                  = { stage = var.stage }
}

resource "aws_iam_role_policy" "app" {
  name   = "tf-inline"
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/${var.stage == "one" ? "ReadOnlyAccess" : "SecurityAudit"}"
}

resource "aws_iam_instance_profile" "app" {
  name = "tf-app"
  path = "/tf/"
  role = aws_iam_role.app.name
  tags = { stage = var.stage }
}

resource "aws_iam_user" "dev" {
  name                 = var.stage == "one" ? "tf-dev" : "tf-dev-renamed"
  path                 = "/tf/"
  permissions_boundary = aws_iam_policy.limit.arn
  force_destroy        = true
  tags                 = { by = "tf" } # The provider tags a user by its new name before it has that.
}

resource "aws_iam_user_policy" "dev" {
  name   = "tf-inline"
  user   = aws_iam_user.dev.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_user_policy_attachment" "dev" {
  user       = aws_iam_user.dev.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_access_key" "dev" {
  user   = aws_iam_user.dev.name
  status = var.stage == "one" ? "Active" : "Inactive"
}

resource "aws_iam_user_login_profile" "dev" {
  user                    = aws_iam_user.dev.name
  password_length         = 20
  password_reset_required = true
}

resource "aws_iam_virtual_mfa_device" "dev" {
  virtual_mfa_device_name = "tf-phone"
  path                    = "/tf/"
  tags                    = { stage = var.stage }
}

resource "aws_iam_group" "team" {
  name = var.stage == "one" ? "tf-team" : "tf-team-renamed"
  path = "/tf/"
}

resource "aws_iam_group_membership" "team" {
  name  = "members"
  group = aws_iam_group.team.name
  users = [aws_iam_user.dev.name]
}

resource "aws_iam_group_policy" "team" {
  name   = "tf-inline"
  group  = aws_iam_group.team.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group_policy_attachment" "team" {
  group      = aws_iam_group.team.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://token.ci.example.com"
  client_id_list  = var.stage == "one" ? ["sts.amazonaws.com"] : ["sts.amazonaws.com", "second"]
  thumbprint_list = [var.stage == "one" ? "0123456789abcdef0123456789abcdef01234567" : "fedcba9876543210fedcba9876543210fedcba98"]
  tags            = { stage = var.stage }
}

resource "aws_iam_saml_provider" "corp" {
  name                   = "tf-corp"
  saml_metadata_document = file("${path.module}/saml-metadata.xml")
  tags                   = { stage = var.stage }
}

resource "aws_iam_account_alias" "alias" {
  account_alias = "tf-stack"
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = var.stage == "one" ? 12 : 14
  require_symbols                = true
  require_numbers                = true
  require_uppercase_characters   = true
  require_lowercase_characters   = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 3
}

resource "aws_iam_service_linked_role" "scaling" {
  aws_service_name = "autoscaling.amazonaws.com"
}

output "account" { value = data.aws_caller_identity.me.account_id }
