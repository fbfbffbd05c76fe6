// SPDX-License-Identifier: MIT
#include "iam/api/saml_metadata.h"

#include <string>

#include "aws/time_format.h"

namespace imdsd::iam::api {
namespace {

using base::Errc;

constexpr std::string_view kSpace = " \t\r\n";

void skip_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
}

/// Takes `start`…`end` away from the front, if it is there.
bool skip(std::string_view& text, std::string_view start, std::string_view end) {
  if (!text.starts_with(start)) return false;
  const std::size_t at = text.find(end, start.size());
  if (at == std::string_view::npos) return false;
  text.remove_prefix(at + end.size());
  return true;
}

/// The XML declaration and comments. A document type is not skipped: metadata have none, and
/// entities are a way to attack whoever reads them.
void skip_prolog(std::string_view& text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  do skip_space(text);
  while (skip(text, "<?", "?>") || skip(text, "<!--", "-->"));
}

std::string_view take_name(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(" \t\r\n=/>"), text.size());
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  return name;
}

/// The value of an attribute, quotes left out; nothing for what is none.
std::optional<std::string_view> take_value(std::string_view& text) {
  skip_space(text);
  if (!text.starts_with('=')) return std::nullopt;
  text.remove_prefix(1);
  skip_space(text);
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return std::nullopt;
  const std::size_t end = text.find(text[0], 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view value = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return value.find('<') == std::string_view::npos ? std::optional(value) : std::nullopt;
}

/// An xs:dateTime in UTC; fractions of a second are of no account.
base::Result<base::SystemTime> parse_time(std::string_view text) {
  std::string seconds(text);
  if (const std::size_t dot = seconds.find('.'); dot != std::string::npos) {
    const std::size_t end =
        std::min(seconds.find_first_not_of("0123456789", dot + 1), seconds.size());
    seconds.erase(dot, end - dot);
  }
  return aws::parse_iso8601(seconds);
}

/// The document ends with `</name>`, but for space and comments.
bool is_closed(std::string_view text, std::string_view name) {
  const std::size_t close = text.rfind("</");
  if (close == std::string_view::npos) return false;
  text.remove_prefix(close + 2);
  if (take_name(text) != name) return false;
  skip_space(text);
  if (!text.starts_with('>')) return false;
  text.remove_prefix(1);
  skip_prolog(text);
  return text.empty();
}

}  // namespace

base::Result<SamlMetadata> parse_saml_metadata(std::string_view xml) {
  const auto fail = [](const char* why) { return base::fail(Errc::invalid_argument, why); };
  skip_prolog(xml);
  if (!xml.starts_with('<')) return fail("no XML");
  xml.remove_prefix(1);
  const std::string_view name = take_name(xml);
  if (name.substr(name.find(':') + 1) != "EntityDescriptor") return fail("no EntityDescriptor");
  SamlMetadata metadata;
  bool has_id = false;
  for (skip_space(xml); !xml.starts_with('>'); skip_space(xml)) {
    const std::string_view attribute = take_name(xml);
    const auto value = take_value(xml);
    if (!value) return fail("not an attribute");
    if (attribute == "entityID") has_id = !value->empty();
    if (attribute == "validUntil") {
      IMDSD_TRY(metadata.valid_until, parse_time(*value));
    }
  }
  if (!has_id) return fail("no entityID");
  if (!is_closed(xml, name)) return fail("not closed");
  return metadata;
}

}  // namespace imdsd::iam::api
