// SPDX-License-Identifier: MIT
#include "base/xml_writer.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

using namespace std::string_view_literals;

TEST(XmlWriter, WritesIndentedElements) {
  XmlWriter xml;
  xml.open("A", "https://example.com/?a&b").open("B").leaf("C", "x<y").leaf("D", "").close();
  xml.leaf("E", "z").close();
  EXPECT_EQ(xml.take(),
            "<A xmlns=\"https://example.com/?a&amp;b\">\n"
            "  <B>\n"
            "    <C>x&lt;y</C>\n"
            "    <D/>\n"
            "  </B>\n"
            "  <E>z</E>\n"
            "</A>\n");
}

TEST(XmlWriter, WritesOneLineBehindADeclaration) {
  XmlWriter xml(XmlWriter::Layout::one_line);
  xml.open("a", "urn:x").leaf("b", "1 < 2").leaf("c", "").open("d").close().close();
  EXPECT_EQ(xml.take(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<a xmlns=\"urn:x\"><b>1 &lt; 2</b><c/><d></d></a>");
}

TEST(XmlWriter, TakeEmptiesIt) {
  XmlWriter xml;
  EXPECT_EQ(xml.leaf("A", "1").take(), "<A>1</A>\n");
  EXPECT_EQ(xml.leaf("B", "2").take(), "<B>2</B>\n");
}

struct Case {
  std::string_view name, text, escaped;
};
class XmlEscape : public testing::TestWithParam<Case> {};
TEST_P(XmlEscape, Gives) {
  EXPECT_EQ(xml_escape(GetParam().text), GetParam().escaped);
}

INSTANTIATE_TEST_SUITE_P(
    All, XmlEscape,
    testing::Values(Case{"plain", "abc", "abc"}, Case{"empty", "", ""},
                    Case{"markup", "<a href=\"b\">&'", "&lt;a href=&quot;b&quot;&gt;&amp;&apos;"},
                    Case{"already", "&lt;", "&amp;lt;"}, Case{"white_space", "a\tb\nc", "a\tb\nc"},
                    Case{"carriage_return", "a\r\n", "a&#xD;\n"},
                    Case{"nul", "a\0b"sv,
                         "a\xEF\xBF\xBD"
                         "b"},
                    Case{"escape", "\x1B[0m", "\xEF\xBF\xBD[0m"},
                    Case{"utf8", "\xC3\xA9\xF0\x9F\x98\x80", "\xC3\xA9\xF0\x9F\x98\x80"},
                    Case{"broken_utf8", "\xFF\xC3<", "\xEF\xBF\xBD\xEF\xBF\xBD&lt;"},
                    Case{"noncharacter", "\xEF\xBF\xBF", "\xEF\xBF\xBD"},
                    Case{"cdata_end", "]]>", "]]&gt;"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace imdsd::base
