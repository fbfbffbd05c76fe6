# SPDX-License-Identifier: MIT
# Writes a C++ file whose FUNCTION gives the text of INPUT. imdsd_embed() in iam/CMakeLists.txt calls it:
#   cmake -DINPUT=FILE -DOUTPUT=FILE.cc -DFUNCTION=NAME -P tools/embed.cmake
# A string literal, because it is read-only data for every compiler without an assembler's dialect.
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "// Made by tools/embed.cmake from ${INPUT}.
#include \"iam/embedded_data.h\"

// The standard asks compilers for 65536 characters; GCC and clang take more.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace imdsd::iam {

std::string_view ${FUNCTION}() {
  static constexpr char kText[] = R\"embedded(${text})embedded\";
  return {kText, sizeof kText - 1};
}

}  // namespace imdsd::iam
")
