// SPDX-License-Identifier: MIT
#include "iam/glob.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/glob_match.h"

namespace imdsd::iam {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct Variable {
  std::size_t at = 0;  // in the symbols
  ConditionKeyName key;
  std::string fallback;
  bool has_fallback = false;
};

/// Keys have no spaces, but the tags that some of them name, behind the slash, may
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules).
bool is_key(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('/'));
  return !text.empty() && name.find(' ') == std::string_view::npos &&
         text.find_first_of("\t${'") == std::string_view::npos;
}

/// What stands between ${ and }, where it is no escaped character.
base::Result<Variable> parse_variable(std::string_view inside) {
  Variable variable;
  const std::size_t comma = inside.find(',');
  const std::string_view key = base::trim(inside.substr(0, comma));
  bool readable = is_key(key);
  if (comma != std::string_view::npos) {
    const std::string_view quoted = base::trim(inside.substr(comma + 1));
    readable = readable && quoted.size() >= 2 && quoted.front() == '\'' && quoted.back() == '\'';
    if (readable) variable.fallback = quoted.substr(1, quoted.size() - 2);
    variable.has_fallback = true;
  }
  if (!readable) {
    return base::fail(base::Errc::invalid_argument,
                      "`${" + std::string(inside) + "}` is not a policy variable");
  }
  variable.key = ConditionKeyName(key);
  return variable;
}

}  // namespace

struct Glob::Rest {
  std::u16string symbols;
  std::vector<Variable> variables;
  std::size_t stars = 0;
  /// What a text that matches has in it; empty if the case is ignored.
  std::string run;

  /// The value of a variable; null when the pattern then matches nothing.
  static const std::string* value_of(const Variable& variable, const ConditionKeys& keys) {
    const auto* values = keys.find(variable.key);
    if (values != nullptr && values->size() == 1) return &values->front();
    return variable.has_fallback ? &variable.fallback : nullptr;
  }

  /// How many symbols there are with every variable's value; nothing when one has none.
  [[nodiscard]] std::optional<std::size_t> expanded_size(const ConditionKeys& keys) const {
    std::size_t size = symbols.size();
    for (const Variable& variable : variables) {
      const std::string* value = value_of(variable, keys);
      if (value == nullptr) return std::nullopt;
      size += value->size();
    }
    return size;
  }

  /// `out` has room for expanded_size().
  void expand(const ConditionKeys& keys, bool ignore_case, char16_t* out) const {
    std::size_t done = 0;
    for (const Variable& variable : variables) {
      out = std::copy(symbols.data() + done, symbols.data() + variable.at, out);
      done = variable.at;
      const std::string& value = *value_of(variable, keys);
      out = std::transform(value.begin(), value.end(), out, [&](char c) -> char16_t {
        return static_cast<unsigned char>(ignore_case ? lower(c) : c);
      });
    }
    std::copy(symbols.data() + done, symbols.data() + symbols.size(), out);
  }
};

/// The longest run of literals; not all of a long one, so that to search it takes linear time.
std::string longest_run(std::u16string_view symbols, const std::vector<Variable>& variables) {
  constexpr std::size_t kMost = 16;
  std::string longest, run;
  auto variable = variables.begin();
  for (std::size_t i = 0; i < symbols.size() && longest.size() < kMost; ++i) {
    for (; variable != variables.end() && variable->at == i; ++variable) run.clear();
    if (symbols[i] >= kAnyRun) {
      run.clear();
      continue;
    }
    run += static_cast<char>(symbols[i]);
    if (run.size() > longest.size()) longest = run;
  }
  return longest;
}

/// Reads a text into symbols and variables; a Glob keeps of them what does not fit its start.
class Glob::Compiler {
 public:
  explicit Compiler(GlobSyntax syntax) : syntax_(syntax) {}

  base::Result<void> read(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (syntax_.variables && text.substr(i, 2) == "${") {
        const std::size_t end = text.find('}', i);
        if (end == std::string_view::npos) {
          return base::fail(base::Errc::invalid_argument,
                            "policy variable is not closed in `" + std::string(text) + "`");
        }
        IMDSD_TRY_VOID(add_variable(text.substr(i + 2, end - i - 2)));
        i = end;
      } else if (syntax_.wildcards && text[i] == '*') {
        if (!follows_star()) rest_.symbols += kAnyRun;  // two stars are one
      } else if (syntax_.wildcards && text[i] == '?') {
        rest_.symbols += kAnyOne;
      } else {
        add_literal(text[i]);
      }
    }
    return {};
  }

  Glob finish() {
    std::u16string& symbols = rest_.symbols;
    std::size_t length = 0;
    const std::size_t most = rest_.variables.empty() ? symbols.size() : rest_.variables[0].at;
    while (length < most && symbols[length] < kAnyRun) ++length;
    Glob glob;
    glob.ignore_case_ = syntax_.ignore_case;
    std::string start(length, '\0');
    std::transform(symbols.begin(), symbols.begin() + static_cast<std::ptrdiff_t>(length),
                   start.begin(), [](char16_t symbol) { return static_cast<char>(symbol); });
    glob.start_ = LiteralStart(std::move(start));
    symbols.erase(0, length);
    for (Variable& variable : rest_.variables) variable.at -= length;
    if (!rest_.variables.empty() || symbols.size() > 1 ||
        (symbols.size() == 1 && symbols[0] != kAnyRun)) {
      glob.shape_ = Shape::general;
      rest_.stars = static_cast<std::size_t>(std::count(symbols.begin(), symbols.end(), kAnyRun));
      if (!syntax_.ignore_case) rest_.run = longest_run(symbols, rest_.variables);
      glob.rest_ = std::make_shared<const Rest>(std::move(rest_));
    } else {
      glob.shape_ = symbols.empty() ? Shape::literal : Shape::prefix;
    }
    return glob;
  }

 private:
  /// Is a star the last that was read, with no variable behind it?
  [[nodiscard]] bool follows_star() const {
    return !rest_.symbols.empty() && rest_.symbols.back() == kAnyRun &&
           (rest_.variables.empty() || rest_.variables.back().at < rest_.symbols.size());
  }

  void add_literal(char c) {
    rest_.symbols += static_cast<unsigned char>(syntax_.ignore_case ? lower(c) : c);
  }

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  base::Result<void> add_variable(std::string_view inside) {
    if (inside == "*" || inside == "?" || inside == "$") {
      add_literal(inside[0]);
      return {};
    }
    IMDSD_TRY(Variable variable, parse_variable(inside));
    variable.at = rest_.symbols.size();
    rest_.variables.push_back(std::move(variable));
    return {};
  }

  GlobSyntax syntax_;
  Rest rest_;
};

base::Result<Glob> Glob::compile(std::string_view text, GlobSyntax syntax) {
  Compiler compiler(syntax);
  IMDSD_TRY_VOID(compiler.read(text));
  return compiler.finish();
}

Glob Glob::anything() {
  Glob glob;
  glob.shape_ = Shape::prefix;
  return glob;
}

bool Glob::has_variables() const noexcept {
  return rest_ && !rest_->variables.empty();
}

bool Glob::starts_ignoring_case(std::string_view text) const {
  const std::string_view head = text.substr(0, start_.size());
  return std::equal(head.begin(), head.end(), start_.text().begin(), start_.text().end(),
                    [](char a, char b) { return lower(a) == b; });
}

bool Glob::matches(std::string_view text, const ConditionKeys& keys) const {
  if (!has_variables()) return matches(text);
  if (!starts(text)) return false;
  text.remove_prefix(start_.size());
  if (text.find(rest_->run) == std::string_view::npos) return false;
  const auto size = rest_->expanded_size(keys);
  if (!size || *size - rest_->stars > text.size()) return false;
  // On the stack, unless the values are uncommonly long.
  std::array<char16_t, 512> stack;
  std::u16string heap;
  if (*size > stack.size()) heap.resize(*size);
  char16_t* const symbols = heap.empty() ? stack.data() : heap.data();
  rest_->expand(keys, ignore_case_, symbols);
  return matches_symbols({symbols, *size}, text, ignore_case_);
}

bool Glob::matches_rest(std::string_view text) const {
  return rest_->variables.empty() &&
         matches_symbols(rest_->symbols, text.substr(start_.size()), ignore_case_);
}

}  // namespace imdsd::iam
