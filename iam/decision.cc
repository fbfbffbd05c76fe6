// SPDX-License-Identifier: MIT
#include "iam/decision.h"

namespace imdsd::iam {

std::string_view reason_name(Decision::Reason reason) {
  switch (reason) {
    case Decision::Reason::allowed:
      return "allowed";
    case Decision::Reason::explicit_deny:
      return "explicit deny";
    case Decision::Reason::implicit_deny:
      return "implicit deny";
  }
  return "";
}

std::string_view layer_name(Layer layer) {
  switch (layer) {
    case Layer::service_control:
      return "service control policy";
    case Layer::resource_control:
      return "resource control policy";
    case Layer::resource:
      return "resource-based policy";
    case Layer::identity:
      return "identity-based policy";
    case Layer::boundary:
      return "permissions boundary";
    case Layer::session:
      return "session policy";
  }
  return "";
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::not_applicable:
      return "not applicable";
    case Verdict::allow:
      return "allow";
    case Verdict::implicit_deny:
      return "implicit deny";
    case Verdict::explicit_deny:
      return "explicit deny";
  }
  return "";
}

}  // namespace imdsd::iam
