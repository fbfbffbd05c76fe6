// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace imdsd::aws {

/// An answer of an AWS API that is not a success: what each service's error shape is printed from.
struct ServiceError {
  int status = 400;
  std::string code;
  std::optional<std::string> message;  // MalformedInput may have none
  enum class Fault { sender, receiver } fault = Fault::sender;
  friend bool operator==(const ServiceError&, const ServiceError&) = default;
};

/// The value of an AWS action, or the error it answers with.
template <class T>
class [[nodiscard]] Outcome : public tl::expected<T, ServiceError> {
  using Base = tl::expected<T, ServiceError>;

 public:
  using Base::Base;
  Outcome(Base&& b) : Base(std::move(b)) {}  // NOLINT(google-explicit-constructor): wraps its base
};

[[nodiscard]] inline tl::unexpected<ServiceError> service_error(int status, std::string code,
                                                                std::string message) {
  return tl::unexpected<ServiceError>(ServiceError{status, std::move(code), std::move(message)});
}

}  // namespace imdsd::aws
