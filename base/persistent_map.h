// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imdsd::base {

/// An ordered map whose copies share their parts: copying takes one pointer, a change copies the
/// path from the root to the changed entry, O(log n), and leaves every other copy as it was. So a
/// published map is never waited for, and a write to one of 100,000 entries copies 17 of them.
///
/// A weight-balanced tree (S. Adams, "Efficient sets: a balancing act"; the parameters are those
/// proved by Y. Hirai and K. Yamamoto, "Balancing weight-balanced trees"). Reading one object from
/// many threads is safe.
template <class V>
class PersistentMap {
  struct Node;
  using Link = std::shared_ptr<const Node>;

 public:
  /// In O(n). The entries stand in the order of their keys, each key once.
  [[nodiscard]] static PersistentMap from_sorted(std::vector<std::pair<std::string, V>> entries) {
    PersistentMap out;
    out.root_ = from_slice(entries.data(), entries.size());
    return out;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_of(root_); }
  [[nodiscard]] bool empty() const noexcept { return !root_; }

  /// Null when there is no such key; points into this map.
  [[nodiscard]] const V* find(std::string_view key) const noexcept {
    const Node* at = root_.get();
    while (at != nullptr) {
      const int order = key.compare(at->key);
      if (order == 0) return &at->value;
      at = (order < 0 ? at->left : at->right).get();
    }
    return nullptr;
  }

  /// Inserts or replaces.
  void set(std::string_view key, V value) { root_ = with(root_, key, std::move(value)); }

  /// False when there was no such key.
  bool erase(std::string_view key) {
    if (find(key) == nullptr) return false;
    root_ = without(root_, key);
    return true;
  }

  /// Calls `visit(key, value)` in order of the keys, from the first key that is not less than
  /// `from`, until it returns false.
  template <class Visit>
  void visit_from(std::string_view from, Visit visit) const {
    visit_node(root_.get(), from, visit);
  }

  /// The same for the keys that begin with `prefix`.
  template <class Visit>
  void visit_prefix(std::string_view prefix, Visit visit) const {
    visit_from(prefix, [&](const std::string& key, const V& value) {
      return std::string_view(key).starts_with(prefix) && visit(key, value);
    });
  }

  /// How many keys are less than `key`.
  [[nodiscard]] std::size_t rank(std::string_view key) const noexcept {
    std::size_t before = 0;
    const Node* at = root_.get();
    while (at != nullptr) {
      if (key <= std::string_view(at->key)) {
        at = at->left.get();
      } else {
        before += size_of(at->left) + 1;
        at = at->right.get();
      }
    }
    return before;
  }

  /// How many keys begin with `prefix`; the keys have no byte 0xFF.
  [[nodiscard]] std::size_t count_prefix(std::string_view prefix) const {
    return rank(std::string(prefix) + '\xFF') - rank(prefix);
  }

  /// The longest way from the root to an entry.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_of(root_.get()); }

 private:
  struct Node {
    std::string key;
    V value;
    Link left, right;
    std::size_t size;
  };

  // A subtree weighs its size and one; no sibling weighs more than kDelta times the other.
  static constexpr std::size_t kDelta = 3;
  static constexpr std::size_t kGamma = 2;

  static std::size_t size_of(const Link& link) noexcept { return link ? link->size : 0; }
  static std::size_t weight(const Link& link) noexcept { return size_of(link) + 1; }

  static Link make(std::string key, V value, Link left, Link right) {
    const std::size_t size = size_of(left) + size_of(right) + 1;
    return std::make_shared<const Node>(
        Node{std::move(key), std::move(value), std::move(left), std::move(right), size});
  }
  static Link make(const Node& entry, Link left, Link right) {
    return make(entry.key, entry.value, std::move(left), std::move(right));
  }

  /// The sizes of siblings differ by one at most.
  static Link from_slice(std::pair<std::string, V>* first, std::size_t count) {
    if (count == 0) return nullptr;
    const std::size_t half = count / 2;
    Link left = from_slice(first, half);
    Link right = from_slice(first + half + 1, count - half - 1);
    return make(std::move(first[half].first), std::move(first[half].second), std::move(left),
                std::move(right));
  }

  /// A node of `entry` over subtrees of which one has changed by one entry.
  static Link balance(const Node& entry, Link left, Link right) {
    if (weight(right) > kDelta * weight(left)) {
      const bool once = weight(right->left) < kGamma * weight(right->right);
      return once ? rotate_left(entry, left, right)
                  : rotate_left(entry, left, rotate_right(*right, right->left, right->right));
    }
    if (weight(left) > kDelta * weight(right)) {
      const bool once = weight(left->right) < kGamma * weight(left->left);
      return once ? rotate_right(entry, left, right)
                  : rotate_right(entry, rotate_left(*left, left->left, left->right), right);
    }
    return make(entry, std::move(left), std::move(right));
  }
  static Link rotate_left(const Node& entry, const Link& left, const Link& right) {
    return make(*right, make(entry, left, right->left), right->right);
  }
  static Link rotate_right(const Node& entry, const Link& left, const Link& right) {
    return make(*left, left->left, make(entry, left->right, right));
  }

  static Link with(const Link& at, std::string_view key, V value) {
    if (!at) return make(std::string(key), std::move(value), nullptr, nullptr);
    const int order = key.compare(at->key);
    if (order < 0) return balance(*at, with(at->left, key, std::move(value)), at->right);
    if (order > 0) return balance(*at, at->left, with(at->right, key, std::move(value)));
    return make(at->key, std::move(value), at->left, at->right);
  }

  static Link without(const Link& at, std::string_view key) {
    const int order = key.compare(at->key);
    if (order < 0) return balance(*at, without(at->left, key), at->right);
    if (order > 0) return balance(*at, at->left, without(at->right, key));
    return glue(at->left, at->right);
  }

  /// Both subtrees as one; they were siblings.
  static Link glue(const Link& left, const Link& right) {
    if (!left) return right;
    if (!right) return left;
    if (size_of(left) > size_of(right)) {
      const Node* last = left.get();
      while (last->right) last = last->right.get();
      return balance(*last, without(left, last->key), right);
    }
    const Node* first = right.get();
    while (first->left) first = first->left.get();
    return balance(*first, left, without(right, first->key));
  }

  static std::size_t depth_of(const Node* at) noexcept {
    if (at == nullptr) return 0;
    const std::size_t left = depth_of(at->left.get()), right = depth_of(at->right.get());
    return (left < right ? right : left) + 1;
  }

  template <class Visit>
  static bool visit_node(const Node* at, std::string_view from, Visit& visit) {
    if (at == nullptr) return true;
    const bool included = std::string_view(at->key) >= from;
    if (included && !visit_node(at->left.get(), from, visit)) return false;
    if (included && !visit(at->key, at->value)) return false;
    return visit_node(at->right.get(), from, visit);
  }

  Link root_;
};

}  // namespace imdsd::base
