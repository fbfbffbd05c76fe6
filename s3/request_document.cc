// SPDX-License-Identifier: MIT
#include "s3/request_document.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "s3/documents.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";
// 10,000 parts with number, ETag and checksum.
constexpr xml::Bounds kBounds{.bytes = kMaxDocumentBytes, .elements = 50'000, .depth = 8};

std::string_view namespace_of(xml::Element element) {
  return element.is(kNamespace, element.name()) ? kNamespace : std::string_view();
}

}  // namespace

aws::S3Outcome<RequestDocument> RequestDocument::parse(std::string_view xml,
                                                       std::string_view root) {
  auto document = xml::Document::parse(xml, kBounds);
  if (!document) return tl::unexpected(malformed_xml());
  const xml::Element element = document->root();
  if (!element.is(namespace_of(element), root)) return tl::unexpected(malformed_xml());
  return RequestDocument(*std::move(document));
}

aws::S3Outcome<std::vector<xml::Element>> children_of(
    xml::Element element, std::initializer_list<std::string_view> names) {
  const std::string_view ns = namespace_of(element);
  auto children = element.children();
  for (const auto& child : children) {
    const auto found = std::find(names.begin(), names.end(), child.name());
    if (found == names.end() || !child.is(ns, *found)) return tl::unexpected(malformed_xml());
  }
  return children;
}

aws::S3Outcome<std::optional<std::string>> optional_text(xml::Element element,
                                                         std::string_view name) {
  const auto found = element.children(namespace_of(element), name);
  if (found.empty()) return std::optional<std::string>();
  if (found.size() > 1) return tl::unexpected(malformed_xml());
  auto text = found.front().whole_text();
  if (!text) return tl::unexpected(malformed_xml());
  return text;
}

aws::S3Outcome<std::string> required_text(xml::Element element, std::string_view name) {
  IMDSD_TRY(auto text, optional_text(element, name));
  if (!text) return tl::unexpected(malformed_xml());
  return *std::move(text);
}

aws::S3Outcome<bool> optional_bool(xml::Element element, std::string_view name) {
  IMDSD_TRY(const auto text, optional_text(element, name));
  if (!text) return false;
  if (base::equals_ignoring_case(*text, "true")) return true;
  if (base::equals_ignoring_case(*text, "false")) return false;
  return tl::unexpected(malformed_xml());
}

}  // namespace imdsd::s3
