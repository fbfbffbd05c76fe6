// SPDX-License-Identifier: MIT
#include "ec2/instance.h"

namespace imdsd::ec2 {

std::string_view to_string(InstanceState state) noexcept {
  switch (state) {
    case InstanceState::pending:
      return "pending";
    case InstanceState::running:
      return "running";
    case InstanceState::shutting_down:
      return "shutting-down";
    case InstanceState::stopping:
      return "stopping";
    case InstanceState::stopped:
      return "stopped";
    case InstanceState::terminated:
      return "terminated";
  }
  return "";
}

MetadataOptions MetadataOptionsChange::applied_to(MetadataOptions options) const {
  options.tokens_required = tokens_required.value_or(options.tokens_required);
  options.endpoint_enabled = endpoint_enabled.value_or(options.endpoint_enabled);
  options.tags_in_metadata = tags_in_metadata.value_or(options.tags_in_metadata);
  options.hop_limit = hop_limit.value_or(options.hop_limit);
  return options;
}

}  // namespace imdsd::ec2
