// SPDX-License-Identifier: MIT
// What `imdsctl` reads of the machine: the first byte says which reader has the rest. A record that
// is read is written as one that reads the same, and none of its steps can name a path or a flag.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "reach/aws_profile.h"
#include "reach/packet_rules.h"
#include "reach/record.h"
#include "reach/route_answer.h"
#include "reach/socket_table.h"
#include "reach/well_known.h"

using namespace imdsd;  // NOLINT(google-build-using-namespace): a program of one function

namespace {

void check_record(std::string_view text) {
  const auto record = reach::parse_record(text);
  if (!record) return;
  if (reach::parse_record(reach::to_json(*record)) != *record) std::abort();
  for (const auto& step : record->steps) {
    if (!step.interface.empty() && !reach::is_interface_name(step.interface)) std::abort();
    (void)reach::do_command(step);
    (void)reach::undo_command(step);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'r':
      check_record(text);
      break;
    case 's':
      for (const auto& socket : reach::parse_socket_table(text)) (void)socket.address.to_string();
      break;
    case 'n':
      (void)reach::parse_route_answer(text, reach::imds_v4(), [](unsigned) { return "x"; });
      break;
    case 'f':
      (void)reach::foreign_rules({true, std::string(text), std::string(text)}, reach::imds_v4(),
                                 {"drop"});
      (void)reach::has_nft_table(text);
      (void)reach::has_iptables_chain(text, "nat", true);
      break;
    default:
      (void)reach::profile_settings(text, reach::AwsFile::config, "default");
      break;
  }
  return 0;
}
