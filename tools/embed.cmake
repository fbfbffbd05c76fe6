# SPDX-License-Identifier: MIT
# Writes a C++ file whose FUNCTION gives the text of INPUT. imdsd_embed() in CMakeLists.txt calls it:
#   cmake -DINPUT=FILE -DOUTPUT=FILE.cc -DNAMESPACE=A::B -DFUNCTION=NAME -P tools/embed.cmake
# A string literal, because it is read-only data for every compiler without an assembler's dialect.
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "// Made by tools/embed.cmake from ${INPUT}.
#include <string_view>

// The standard asks compilers for 65536 characters; GCC and clang take more.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}();
std::string_view ${FUNCTION}() {
  static constexpr char kText[] = R\"embedded(${text})embedded\";
  return {kText, sizeof kText - 1};
}

}  // namespace ${NAMESPACE}
")
