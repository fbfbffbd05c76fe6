// SPDX-License-Identifier: MIT
// What the documents of requests have in common: a root of a known name, all elements of S3's
// namespace or all of none, and no element that is not known. MalformedXML for all that differs.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/s3_error.h"
#include "xml/document.h"

namespace imdsd::s3 {

class RequestDocument {
 public:
  [[nodiscard]] static aws::S3Outcome<RequestDocument> parse(std::string_view xml,
                                                             std::string_view root);
  [[nodiscard]] xml::Element root() const { return document_.root(); }

 private:
  explicit RequestDocument(xml::Document document) : document_(std::move(document)) {}
  xml::Document document_;
};

/// The children of `element`, all of which are named by `names`.
[[nodiscard]] aws::S3Outcome<std::vector<xml::Element>> children_of(
    xml::Element element, std::initializer_list<std::string_view> names);
/// The text of the child `name` as it stands, white space and all; nothing without that child.
/// There is one at most.
[[nodiscard]] aws::S3Outcome<std::optional<std::string>> optional_text(xml::Element element,
                                                                       std::string_view name);
[[nodiscard]] aws::S3Outcome<std::string> required_text(xml::Element element,
                                                        std::string_view name);
/// `true` or `false`; false without that child.
[[nodiscard]] aws::S3Outcome<bool> optional_bool(xml::Element element, std::string_view name);

}  // namespace imdsd::s3
