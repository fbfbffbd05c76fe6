// SPDX-License-Identifier: MIT
#include "base/codec.h"
#include "base/png.h"
#include "base/qr_code.h"
#include "iam/api/change.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/mfa.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/shapes.h"
#include "iam/api/tagging.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr std::size_t kSeedBytes = 40;  // 64 characters of base32, as AWS gives
constexpr std::size_t kMaxSerial = 256;

// A serial number is an ARN: what is left of its 256 characters for a name without a path.
constexpr Parameter kDeviceName{"VirtualMFADeviceName", Shape::name, 1, 226};
constexpr std::array<std::string_view, 3> kStatuses{"Assigned", "Unassigned", "Any"};
constexpr Parameter kAssignmentStatus{"AssignmentStatus", Shape::one_of, 0, 0, kStatuses};
constexpr Parameter kCode1{"AuthenticationCode1", Shape::code, 6, 6};
constexpr Parameter kCode2{"AuthenticationCode2", Shape::code, 6, 6};

base::Secret new_seed(base::Random& random) {
  std::string seed(kSeedBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(seed)));
  return base::Secret(std::move(seed));
}

/// The picture of "otpauth://totp/$virtualMFADeviceName@$AccountName?secret=$Base32String"
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html).
std::string qr_picture(const Call& call, const MfaDevice& device, const std::string& seed) {
  constexpr std::size_t kPixels = 4, kQuiet = 4;  // of a module; modules around the code
  const auto account = find_account(call, *call.directory);
  const std::string& account_name =
      account && !account->alias.empty() ? account->alias : call.account();
  // At most 226 + 63 characters of names: always within a code's capacity.
  const base::QrCode code =
      base::make_qr_code("otpauth://totp/" + base::percent_encode(device.name) + "@" +
                         account_name + "?secret=" + seed)
          .value();
  return base::make_png((code.width + 2 * kQuiet) * kPixels, [&](std::size_t y, std::size_t x) {
    const std::size_t row = y / kPixels - kQuiet, column = x / kPixels - kQuiet;
    return row < code.width && column < code.width && code.modules[row * code.width + column];
  });
}

Outcome<void> create_virtual_mfa_device(Call& call) {
  auto tags = new_tags(call, kTagCase<MfaDevice>);
  if (!tags) return tl::unexpected(std::move(tags).error());
  MfaDevice device;
  device.account = call.account();
  if (call.has("Path")) device.path = call.text("Path");
  device.name = call.text("VirtualMFADeviceName");
  device.unique_id = call.arn(device);
  if (device.unique_id.size() > kMaxSerial) {
    return invalid_input("The serial number is longer than 256 characters.");
  }
  device.tags = *std::move(tags);
  device.seed = new_seed(call.context.random);
  const std::string seed = base::base32_encode(device.seed.reveal());
  call.xml.open("VirtualMFADevice")
      .leaf("SerialNumber", device.unique_id)
      .leaf("Base32StringSeed", base::base64_encode(seed))
      .leaf("QRCodePNG", base::base64_encode(qr_picture(call, device, seed)));
  if (!device.tags.empty()) write_tags(call.xml, device.tags);
  call.xml.close();
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    if (transaction.directory().find<MfaDevice>(device.account, device.name)) {
      return already_exists("MFA device already exists.");
    }
    device.created = transaction.now();
    transaction.put(std::move(device));
    return {};
  });
}

void write_device(base::XmlWriter& xml, const Call& call, const MfaDevice& device) {
  xml.leaf("SerialNumber", device.unique_id);
  const auto owner = call.directory->find_by_id<User>(device.user_id);
  if (!owner) return;
  xml.open("User");
  write_user(xml, call, *owner, Detail::listed);
  xml.close().leaf("EnableDate", date(*device.enabled));
}

Outcome<void> list_virtual_mfa_devices(Call& call) {
  const std::string status = call.text("AssignmentStatus");
  std::vector<PageItem> items;
  call.directory->all<MfaDevice>().visit(
      call.account(), "", [&](const std::shared_ptr<const MfaDevice>& device) {
        if (status == (device->user_id.empty() ? "Assigned" : "Unassigned")) return true;
        items.push_back({base::to_lower(device->name), [&call, device](base::XmlWriter& xml) {
                           write_device(xml, call, *device);
                         }});
        return true;
      });
  return write_page(call, "VirtualMFADevices", items);
}

Outcome<void> delete_virtual_mfa_device(Call& call) {
  return call.write([&](Transaction& transaction) -> Outcome<void> {
    auto device = find_mfa_device(call, transaction.directory());
    if (!device) return tl::unexpected(std::move(device).error());
    if (!(*device)->user_id.empty()) {
      return delete_conflict("MFA VirtualDevice in use. Must deactivate first.");
    }
    transaction.erase(*device);
    call.context.mfa_throttle.clear((*device)->unique_id);
    return {};
  });
}

Outcome<void> tag_mfa_device(Call& call) {
  return change_entity<MfaDevice>(call, find_mfa_device, [&](MfaDevice& device, Transaction&) {
    return add_tags(call, kTagCase<MfaDevice>, device.tags);
  });
}

Outcome<void> untag_mfa_device(Call& call) {
  return change_entity<MfaDevice>(call, find_mfa_device,
                                  [&](MfaDevice& device, Transaction&) -> Outcome<void> {
                                    remove_tags(call, kTagCase<MfaDevice>, device.tags);
                                    return {};
                                  });
}

Outcome<void> list_mfa_device_tags(Call& call) {
  auto device = find_mfa_device(call, *call.directory);
  if (!device) return tl::unexpected(std::move(device).error());
  return write_tag_page(call, (*device)->tags);
}

constexpr std::array kOperations{
    Operation{"CreateVirtualMFADevice",
              Acts::creating_mfa_device,
              {optional(kPath), required(kDeviceName), optional(kTags)},
              create_virtual_mfa_device},
    Operation{"EnableMFADevice",
              Acts::on_user,
              {required(kUserName), required(kSerialNumber), required(kCode1), required(kCode2)},
              enable_mfa_device,
              false},
    Operation{"ResyncMFADevice",
              Acts::on_user,
              {required(kUserName), required(kSerialNumber), required(kCode1), required(kCode2)},
              resync_mfa_device,
              false},
    Operation{"DeactivateMFADevice",
              Acts::on_user,
              {optional(kUserName), required(kSerialNumber)},
              deactivate_mfa_device,
              false},
    Operation{"GetMFADevice",
              Acts::on_device_owner,
              {required(kSerialNumber), optional(kUserName)},
              get_mfa_device},
    Operation{"ListMFADevices",
              Acts::on_user,
              {optional(kUserName), optional(kMarker), optional(kMaxItems)},
              list_mfa_devices},
    Operation{"ListVirtualMFADevices",
              Acts::on_all_mfa_devices,
              {optional(kAssignmentStatus), optional(kMarker), optional(kMaxItems)},
              list_virtual_mfa_devices},
    Operation{"DeleteVirtualMFADevice",
              Acts::on_mfa_device,
              {required(kSerialNumber)},
              delete_virtual_mfa_device,
              false},
    Operation{"TagMFADevice",
              Acts::on_mfa_device,
              {required(kSerialNumber), required(kTags)},
              tag_mfa_device,
              false},
    Operation{"UntagMFADevice",
              Acts::on_mfa_device,
              {required(kSerialNumber), required(kTagKeys)},
              untag_mfa_device,
              false},
    Operation{"ListMFADeviceTags",
              Acts::on_mfa_device,
              {required(kSerialNumber), optional(kMarker), optional(kMaxItems)},
              list_mfa_device_tags},
};

}  // namespace

std::span<const Operation> mfa_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
