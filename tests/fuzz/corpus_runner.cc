// SPDX-License-Identifier: MIT
// Runs a fuzz target without a fuzzer: every file of the given folders as it is, cut at each
// length, and with each byte changed in three ways. So the corpus is a regression test that any
// compiler can build.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kMaxVariedBytes = 4096;  // of one file; longer ones are varied at their start

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::size_t run_with_variations(const std::string& input) {
  std::size_t runs = 1;
  run(input);
  const std::size_t varied = std::min(input.size(), kMaxVariedBytes);
  for (std::size_t at = 0; at < varied; ++at) {
    run(input.substr(0, at));
    for (const char mask : {'\x01', '\x20', '\x40'}) {
      std::string changed = input;
      changed[at] = static_cast<char>(changed[at] ^ mask);
      run(changed);
    }
    runs += 4;
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      runs += run_with_variations({std::istreambuf_iterator<char>(file), {}});
      ++files;
    }
  }
  std::printf("%zu files, %zu inputs\n", files, runs);
  return files == 0 ? 1 : 0;
}
