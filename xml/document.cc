// SPDX-License-Identifier: MIT
#include "xml/document.h"

#include <utility>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/codec.h"
#include "xml/library.h"

namespace imdsd::xml {
namespace {

using base::Errc;
using base::fail;

std::string_view view_of(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};
using Parser = std::unique_ptr<xmlParserCtxt, FreeParser>;

struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};

void stop_at_document_type(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  xmlStopParser(static_cast<xmlParserCtxt*>(context));
}

/// libxml2 takes every attribute xml:id for the document's to refer to. No SAML document has one.
bool has_xml_id(Element root) {
  for (const Element element : root.subtree()) {
    if (xmlHasNsProp(element.node(), BAD_CAST "id", XML_XML_NAMESPACE) != nullptr) return true;
  }
  return false;
}

bool is_utf8_name(std::string_view encoding) {
  return encoding.empty() || base::equals_ignoring_case(encoding, "utf-8") ||
         base::equals_ignoring_case(encoding, "us-ascii");
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kSpace) - start + 1);
}

}  // namespace

bool Element::is(std::string_view ns, std::string_view name) const {
  return view_of(node_->name) == name &&
         (node_->ns == nullptr ? ns.empty() : view_of(node_->ns->href) == ns);
}

std::string_view Element::name() const {
  return view_of(node_->name);
}

std::vector<Element> Element::children() const {
  std::vector<Element> out;
  for (xmlNode* node = node_->children; node != nullptr; node = node->next) {
    if (node->type == XML_ELEMENT_NODE) out.emplace_back(node);
  }
  return out;
}

std::vector<Element> Element::children(std::string_view ns, std::string_view name) const {
  auto out = children();
  std::erase_if(out, [&](const Element& child) { return !child.is(ns, name); });
  return out;
}

std::optional<Element> Element::only_child(std::string_view ns, std::string_view name) const {
  const auto found = children(ns, name);
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

std::vector<Element> Element::subtree() const {
  std::vector<Element> out;
  std::vector<Element> waiting{*this};
  while (!waiting.empty()) {
    const Element element = waiting.back();
    waiting.pop_back();
    out.push_back(element);
    const auto children = element.children();
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  }
  return out;
}

std::optional<Element> Element::parent() const {
  xmlNode* const parent = node_->parent;
  const bool is_element = parent != nullptr && parent->type == XML_ELEMENT_NODE;
  return is_element ? std::optional(Element(parent)) : std::nullopt;
}

std::optional<std::string> Element::attribute(const char* name) const {
  const std::unique_ptr<xmlChar, FreeText> value(xmlGetNoNsProp(node_, BAD_CAST name));
  if (!value) return std::nullopt;
  return std::string(view_of(value.get()));
}

std::optional<std::string> Element::text() const {
  const auto whole = whole_text();
  return whole ? std::optional(std::string(trim(*whole))) : std::nullopt;
}

std::optional<std::string> Element::whole_text() const {
  std::string out;
  for (const xmlNode* node = node_->children; node != nullptr; node = node->next) {
    if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE) return std::nullopt;
    out.append(view_of(node->content));
  }
  return out;
}

void Document::Free::operator()(xmlDoc* document) const {
  xmlFreeDoc(document);
}

base::Result<Document> Document::parse(std::string_view xml, const Bounds& bounds) {
  IMDSD_TRY_VOID(check_bounds(xml, bounds));
  use_library();
  const Parser parser(xmlNewParserCtxt());
  if (!parser) return fail(Errc::unavailable, "no memory for an XML parser");
  // Canonicalization leaves comments out: what was signed has none. A text that one interrupts is
  // one text here, too.
  parser->sax->comment = nullptr;
  parser->sax->internalSubset = stop_at_document_type;
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  Document document(xmlCtxtReadMemory(parser.get(), xml.data(), static_cast<int>(xml.size()),
                                      nullptr, nullptr, kOptions));
  if (!document.document_ || parser->wellFormed == 0) {
    return fail(Errc::invalid_argument, "is not well-formed XML");
  }
  const xmlDoc& parsed = *document.document_;
  if (parsed.intSubset != nullptr || parsed.extSubset != nullptr) {
    return fail(Errc::invalid_argument, "has a document type");
  }
  if (parser->nsWellFormed == 0) {
    return fail(Errc::invalid_argument, "uses a namespace prefix that is not declared");
  }
  if (!is_utf8_name(view_of(parsed.encoding))) {
    return fail(Errc::invalid_argument, "is declared to be in an encoding other than UTF-8");
  }
  if (has_xml_id(document.root())) return fail(Errc::invalid_argument, "has an attribute xml:id");
  return document;
}

Element Document::root() const {
  return Element(xmlDocGetRootElement(document_.get()));
}

}  // namespace imdsd::xml
