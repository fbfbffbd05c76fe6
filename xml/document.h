// SPDX-License-Identifier: MIT
// XML as it is read here: no document type, no entities but the predefined ones, no comments,
// nothing from outside (XML 1.0, Namespaces in XML 1.0). By libxml2.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/bounds.h"

// libxml2's xmlNode and xmlDoc.
struct _xmlNode;
struct _xmlDoc;

namespace imdsd::xml {

/// An element of a document, which must outlive it.
class Element {
 public:
  explicit Element(_xmlNode* node) : node_(node) {}

  [[nodiscard]] bool is(std::string_view ns, std::string_view name) const;
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::vector<Element> children() const;
  [[nodiscard]] std::vector<Element> children(std::string_view ns, std::string_view name) const;
  /// The child of this name, if it is the only one.
  [[nodiscard]] std::optional<Element> only_child(std::string_view ns, std::string_view name) const;
  /// The element and all below it, in document order.
  [[nodiscard]] std::vector<Element> subtree() const;
  [[nodiscard]] std::optional<Element> parent() const;
  /// The value of the attribute, which is in no namespace.
  [[nodiscard]] std::optional<std::string> attribute(const char* name) const;
  /// All the text of an element that has nothing else in it, without the space around. Nothing for
  /// an element that has children: part of a text is never taken for the whole.
  [[nodiscard]] std::optional<std::string> text() const;
  /// The same with the space around.
  [[nodiscard]] std::optional<std::string> whole_text() const;

  [[nodiscard]] _xmlNode* node() const noexcept { return node_; }
  friend bool operator==(const Element&, const Element&) = default;

 private:
  _xmlNode* node_;
};

/// A document, parsed. Not shared between threads.
class Document {
 public:
  /// Errc::invalid_argument or too_large says why `xml` is not taken.
  [[nodiscard]] static base::Result<Document> parse(std::string_view xml, const Bounds& bounds);
  [[nodiscard]] Element root() const;
  [[nodiscard]] _xmlDoc* get() const noexcept { return document_.get(); }

 private:
  struct Free {
    void operator()(_xmlDoc* document) const;
  };
  explicit Document(_xmlDoc* document) : document_(document) {}
  std::unique_ptr<_xmlDoc, Free> document_;
};

}  // namespace imdsd::xml
