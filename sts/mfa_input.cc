// SPDX-License-Identifier: MIT
#include "sts/mfa_input.h"

#include <utility>

#include "iam/mfa_code.h"
#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

using aws::ServiceError;

constexpr std::string_view kSerialNumber = "SerialNumber";
constexpr std::string_view kTokenCode = "TokenCode";

// The two spaces and the one at the end are AWS's.
constexpr std::string_view kFailed = "MultiFactorAuthentication failed";
constexpr std::string_view kBothNeeded =
    ", must provide both MFA serial number and one time pass code.";
constexpr std::string_view kNoDevice =
    ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated "
    "with this user.";
constexpr std::string_view kWrongCode = " with invalid MFA one time pass code. ";

ServiceError failed(std::string_view how) {
  return {403, "AccessDenied", std::string(kFailed) + std::string(how)};
}

std::optional<std::string> text(const aws::QueryParameters& parameters, std::string_view name) {
  const auto value = parameters.get(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

/// The device that is enabled for the calling user; of roles and other sessions there is none.
std::shared_ptr<const iam::MfaDevice> find_device(const std::string& serial_number,
                                                  const iam::Principal& caller,
                                                  const iam::Directory& directory) {
  if (caller.type != iam::PrincipalType::user) return nullptr;
  auto device = directory.find_by_id<iam::MfaDevice>(serial_number);
  return device && device->user_id == caller.entity_id ? device : nullptr;
}

std::optional<ServiceError> refuse_code(const iam::MfaDevice* device, std::string_view code,
                                        base::SystemTime now) {
  if (device == nullptr) return failed(kNoDevice);
  if (!iam::accepted_step(*device, code, now)) return failed(kWrongCode);
  return std::nullopt;
}

}  // namespace

void MfaInput::check(const aws::QueryParameters& parameters, aws::ParameterCheck& check) {
  check.text(kSerialNumberRule, parameters.get(kSerialNumber));
  check.text(kTokenCodeRule, parameters.get(kTokenCode));
}

MfaInput MfaInput::read(const aws::QueryParameters& parameters) {
  return {text(parameters, kSerialNumber), text(parameters, kTokenCode)};
}

std::optional<ServiceError> MfaInput::take_code(const ActionRequest& request) const {
  if (request.authority.mode == iam::AuthMode::off) return std::nullopt;
  if (!serial_number || !token_code) return failed(kBothNeeded);
  const auto known =
      find_device(*serial_number, request.caller.principal, *request.directory.snapshot());
  if (known && !request.mfa_throttle.admit(*serial_number)) return failed(kWrongCode);
  // What is wrong already need not wait for the disk.
  std::optional<ServiceError> error = refuse_code(known.get(), *token_code, request.now);
  if (error) return error;
  const auto written = request.directory.write([&](iam::Transaction& transaction) {
    const auto device =
        find_device(*serial_number, request.caller.principal, transaction.directory());
    error = refuse_code(device.get(), *token_code, request.now);
    if (error) return false;
    request.mfa_throttle.clear(*serial_number);
    iam::MfaDevice shown = iam::clone(*device);
    shown.last_step = iam::accepted_step(*device, *token_code, request.now).value();
    transaction.put(std::move(shown));
    return true;
  });
  if (!written) {
    return ServiceError{500, "InternalFailure",
                        "The request processing has failed because of an unknown error.",
                        ServiceError::Fault::receiver};
  }
  return error;
}

}  // namespace imdsd::sts
