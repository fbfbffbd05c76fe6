// SPDX-License-Identifier: MIT
#include <algorithm>

#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/mfa.h"
#include "iam/api/paging.h"
#include "iam/api/quotas.h"
#include "iam/api/shapes.h"
#include "iam/mfa_code.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

Failure not_of_user() {
  return no_such_entity("MFA Device invalid for user.");
}

Outcome<void> take_codes(const Call& call, MfaDevice& device, base::SystemTime now) {
  MfaThrottle& throttle = call.context.mfa_throttle;
  if (throttle.admit(device.unique_id) && synchronize(device, call.text("AuthenticationCode1"),
                                                      call.text("AuthenticationCode2"), now)) {
    throttle.clear(device.unique_id);
    return {};
  }
  return aws::service_error(403, "InvalidAuthenticationCode",
                            "Authentication code for device is not valid.");
}

/// `change(MfaDevice&, const User&, Transaction&)` on the device and the user of the request.
template <class Change>
Outcome<void> change_device(Call& call, Change change) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto user = find_user(call, transaction.directory());
    if (!user) return tl::unexpected(std::move(user).error());
    auto found = find_mfa_device(call, transaction.directory());
    if (!found) return tl::unexpected(std::move(found).error());
    MfaDevice device = clone(**found);
    if (Outcome<void> changed = change(device, **user, transaction); !changed) return changed;
    transaction.put(std::move(device));
    return {};
  });
}

/// The device that is to be the root user's, which has none.
Outcome<void> no_device_of_root(const Call& call) {
  auto device = find_mfa_device(call, *call.directory);
  if (!device) return tl::unexpected(std::move(device).error());
  return not_of_user();
}

}  // namespace

Outcome<void> enable_mfa_device(Call& call) {
  return change_device(
      call, [&](MfaDevice& device, const User& user, Transaction& transaction) -> Outcome<void> {
        if (!device.user_id.empty()) return already_exists("MFA Device is already in use.");
        if (transaction.directory().mfa_device_ids(user.unique_id).size() >=
            kMaxMfaDevicesPerUser) {
          return quota_exceeded("MFADevicesPerUser", kMaxMfaDevicesPerUser);
        }
        device.user_id = user.unique_id;
        device.enabled = transaction.now();
        return take_codes(call, device, transaction.now());
      });
}

Outcome<void> resync_mfa_device(Call& call) {
  if (is_about_root(call)) return no_device_of_root(call);
  return change_device(
      call, [&](MfaDevice& device, const User& user, Transaction& transaction) -> Outcome<void> {
        if (device.user_id != user.unique_id) return not_of_user();
        return take_codes(call, device, transaction.now());
      });
}

Outcome<void> deactivate_mfa_device(Call& call) {
  if (is_about_root(call)) return no_device_of_root(call);
  return change_device(call,
                       [&](MfaDevice& device, const User& user, Transaction&) -> Outcome<void> {
                         if (device.user_id != user.unique_id) return not_of_user();
                         device.user_id.clear();
                         device.enabled.reset();
                         return {};
                       });
}

Outcome<void> get_mfa_device(Call& call) {
  auto device = find_mfa_device(call, *call.directory);
  if (!device) return tl::unexpected(std::move(device).error());
  const auto owner = call.directory->find_by_id<User>((*device)->user_id);
  if (call.has("UserName")) {
    auto user = find_user(call, *call.directory);
    if (!user) return tl::unexpected(std::move(user).error());
    if (owner != *user) return not_of_user();
  }
  if (owner) call.xml.leaf("UserName", owner->name);
  call.xml.leaf("SerialNumber", (*device)->unique_id);
  if ((*device)->enabled) call.xml.leaf("EnableDate", date(*(*device)->enabled));
  return {};
}

Outcome<void> list_mfa_devices(Call& call) {
  if (is_about_root(call)) return write_page(call, "MFADevices", {});
  auto user = find_user(call, *call.directory);
  if (!user) return tl::unexpected(std::move(user).error());
  std::vector<std::string> serials = call.directory->mfa_device_ids((*user)->unique_id);
  std::sort(serials.begin(), serials.end());
  std::vector<PageItem> items;
  for (const std::string& serial : serials) {
    items.push_back({serial, [&](base::XmlWriter& xml) {
                       const auto device = call.directory->find_by_id<MfaDevice>(serial);
                       xml.leaf("UserName", (*user)->name)
                           .leaf("SerialNumber", serial)
                           .leaf("EnableDate", date(*device->enabled));
                     }});
  }
  return write_page(call, "MFADevices", items);
}

}  // namespace imdsd::iam::api
