// SPDX-License-Identifier: MIT
#include "xml/document.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::xml {
namespace {

constexpr Bounds kBounds{.bytes = 1000, .elements = 100};

std::string outcome(std::string_view text) {
  const auto document = Document::parse(text, kBounds);
  return document ? "ok" : document.error().message;
}

TEST(Document, GivesElementsAndTheirText) {
  const auto document = Document::parse(
      "<?xml version='1.0' encoding='UTF-8'?>\n"
      "<a xmlns='urn:x'><b> one &amp; &#x74;wo <!-- no -->three</b><b/><c><![CDATA[<d>]]></c></a>",
      kBounds);
  ASSERT_TRUE(document) << document.error().message;
  const Element root = document->root();
  EXPECT_TRUE(root.is("urn:x", "a"));
  ASSERT_EQ(root.children().size(), 3U);
  EXPECT_EQ(root.children("urn:x", "b").size(), 2U);
  EXPECT_EQ(root.children().front().text(), "one & two three");
  EXPECT_EQ(root.children().front().whole_text(), " one & two three");
  EXPECT_EQ(root.only_child("urn:x", "b"), std::nullopt);
  ASSERT_TRUE(root.only_child("urn:x", "c"));
  EXPECT_EQ(root.only_child("urn:x", "c")->text(), "<d>");
  EXPECT_EQ(root.text(), std::nullopt) << "it has elements";
}

TEST(Document, RefusesWhatOthersMayBringIn) {
  EXPECT_EQ(outcome("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), "has a document type");
  EXPECT_EQ(outcome("<a>&b;</a>"), "is not well-formed XML");
  EXPECT_EQ(outcome("<a><b></a>"), "is not well-formed XML");
  EXPECT_EQ(outcome("<x:a/>"), "uses a namespace prefix that is not declared");
  EXPECT_EQ(outcome("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
            "is declared to be in an encoding other than UTF-8");
  EXPECT_EQ(outcome(""), "is not well-formed XML");
}

}  // namespace
}  // namespace imdsd::xml
