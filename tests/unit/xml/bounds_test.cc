// SPDX-License-Identifier: MIT
#include "xml/bounds.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::xml {
namespace {

constexpr Bounds kBounds{.bytes = 400, .elements = 4, .depth = 3, .attributes = 2};

std::string outcome(std::string_view xml) {
  const auto checked = check_bounds(xml, kBounds);
  return checked ? "ok" : checked.error().message;
}

struct Case {
  std::string_view name;
  std::string xml;
  std::string_view expected;
};

class XmlBoundsCheck : public testing::TestWithParam<Case> {};

TEST_P(XmlBoundsCheck, Tells) {
  EXPECT_EQ(outcome(GetParam().xml), GetParam().expected) << GetParam().xml;
}

constexpr std::string_view kType = "has a document type";
constexpr std::string_view kDeep = "is nested too deeply";
constexpr std::string_view kMany = "has too many elements";
constexpr std::string_view kWide = "has an element with too many attributes";

INSTANTIATE_TEST_SUITE_P(
    Table, XmlBoundsCheck,
    testing::Values(Case{"Plain", "<a x='1' y=\"2\"><b/><c>t</c></a>", "ok"},
                    Case{"NoXml", "hello", "ok"},
                    Case{"DocumentType", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", kType},
                    Case{"DocumentTypeBehindComment", "<!-- a --><!doctype a><a/>", kType},
                    Case{"DocumentTypeInside", "<a><!DOCTYPE a></a>", kType},
                    Case{"DocumentTypeInComment", "<a><!-- <!DOCTYPE a> --></a>", "ok"},
                    Case{"DocumentTypeInCdata", "<a><![CDATA[<!DOCTYPE a>]]></a>", "ok"},
                    Case{"DocumentTypeInInstruction", "<?a <!DOCTYPE a> ?><a/>", "ok"},
                    Case{"DocumentTypeBehindInstruction", "<?a ?><!DOCTYPE a><a/>", kType},
                    Case{"DocumentTypeBehindCdata", "<a><![CDATA[ ]]><!DOCTYPE a></a>", kType},
                    Case{"CommentWithoutEnd", "<a><!-- <b><c><d><e>", "ok"},
                    Case{"Deep", "<a><b><c><d>", kDeep},
                    Case{"EmptyAreNotDeep", "<a><b><c/><d/>", "ok"},
                    Case{"ManyElements", "<a/><b/><c/><d/><e/>", kMany},
                    Case{"ManyAttributes", "<a x='1' y='2' z='3'/>", kWide},
                    Case{"AngleInValue", "<a x='>' y='>' z='>'/>", kWide},
                    Case{"EqualsInValue", "<a x='====='/>", "ok"},
                    Case{"TagWithoutEnd", "<a x='1' y='2' z=", kWide}, Case{"OnlyStart", "<", "ok"},
                    Case{"ClosesTooMuch", "<a></a></a>", "closes what is not open"},
                    Case{"Long", std::string(401, ' '), "is too long"},
                    Case{"NotUtf8", "<a>\xC3</a>", "is not UTF-8"},
                    Case{"Utf16", std::string("<\0a\0/\0>\0", 8), "is not UTF-8"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace imdsd::xml
