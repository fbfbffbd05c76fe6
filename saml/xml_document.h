// SPDX-License-Identifier: MIT
// XML as this folder reads it: no document type, no entities but the predefined ones, no comments,
// nothing from outside (XML 1.0, Namespaces in XML 1.0). By libxml2.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <libxml/tree.h>

#include "base/result.h"
#include "saml/xml_bounds.h"

namespace imdsd::saml {

/// An element of a document, which must outlive it.
class XmlElement {
 public:
  explicit XmlElement(xmlNode* node) : node_(node) {}

  [[nodiscard]] bool is(std::string_view ns, std::string_view name) const;
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::vector<XmlElement> children() const;
  [[nodiscard]] std::vector<XmlElement> children(std::string_view ns, std::string_view name) const;
  /// The child of this name, if it is the only one.
  [[nodiscard]] std::optional<XmlElement> only_child(std::string_view ns,
                                                     std::string_view name) const;
  /// The element and all below it, in document order.
  [[nodiscard]] std::vector<XmlElement> subtree() const;
  [[nodiscard]] std::optional<XmlElement> parent() const;
  /// The value of the attribute, which is in no namespace.
  [[nodiscard]] std::optional<std::string> attribute(const char* name) const;
  /// All the text of an element that has nothing else in it, without the space around. Nothing for
  /// an element that has children: part of a text is never taken for the whole.
  [[nodiscard]] std::optional<std::string> text() const;

  [[nodiscard]] xmlNode* node() const noexcept { return node_; }
  friend bool operator==(const XmlElement&, const XmlElement&) = default;

 private:
  xmlNode* node_;
};

/// A document, parsed. Not shared between threads.
class XmlDocument {
 public:
  /// Errc::invalid_argument or too_large says why `xml` is not taken.
  [[nodiscard]] static base::Result<XmlDocument> parse(std::string_view xml,
                                                       const XmlBounds& bounds);
  [[nodiscard]] XmlElement root() const;
  [[nodiscard]] xmlDoc* get() const noexcept { return document_.get(); }

 private:
  struct Free {
    void operator()(xmlDoc* document) const;
  };
  explicit XmlDocument(xmlDoc* document) : document_(document) {}
  std::unique_ptr<xmlDoc, Free> document_;
};

}  // namespace imdsd::saml
