// SPDX-License-Identifier: MIT
// The metadata tree is data: a flat vector of rows makes it, and a new category is a new row.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/http_date.h"
#include "base/result.h"
#include "base/slab_memory.h"
#include "imds/api_versions.h"

namespace imdsd::imds {

struct InstanceSnapshot;
struct LazyText;
struct MetadataNode;
class MetadataNodes;

/// How a request came; the role has one set of credentials for each (ec2:RoleDelivery 1.0 and 2.0).
enum class Delivery { imdsv1, imdsv2 };

/// What a computed row may look at.
struct MetadataView {
  const InstanceSnapshot& snapshot;
  Delivery delivery = Delivery::imdsv1;
  base::SystemTime now;
  /// Of the path that was asked for; a dated version shows no row that is younger than it.
  std::string_view version = kLatest;
};

/// Views into the snapshot, or into what `owner` keeps alive.
struct ComputedValue {
  std::string_view body;
  std::string_view last_modified;       // an HTTP date; empty: the tree's own
  std::string_view access_key_id = {};  // of the credentials in the body; empty: there are none
  std::shared_ptr<const void> owner = {};
};

/// `rest` is the path below the row, empty for the row itself. None: there is no such path now.
using Compute = std::optional<ComputedValue> (*)(const MetadataView& view, std::string_view rest);

/// The value of a lazy row. None: it cannot be made now, and is unavailable until it can. Called on
/// event threads, by several at a time where they come together: it must not wait.
using Make = std::function<std::optional<std::string>(base::SystemTime now)>;

inline constexpr const char* kTextPlain = "text/plain";  // JSON documents included, as EC2 does it
inline constexpr const char* kOctetStream = "application/octet-stream";

struct MetadataRow {
  enum class Kind {
    leaf,           // `value` is the body
    list,           // a directory whose listing is `value`, not the names below it (public-keys/)
    lazy,           // a leaf made by `make` when it is first read, and kept
    computed,       // a leaf made by `compute`
    computed_list,  // a directory made by `compute`, with everything below it
  };
  std::string path;  // below /latest: "meta-data/placement/region"
  Kind kind = Kind::leaf;
  std::string value = {};
  Compute compute = nullptr;
  const char* content_type = kTextPlain;
  bool listed = true;                       // false: served, but no listing names it
  std::string_view since = kOldestVersion;  // the first dated version that has it; a literal
  Make make = nullptr;
};

/// The rows of a tree, made anew at each call.
using MakeRows = std::function<base::Result<std::vector<MetadataRow>>()>;

/// A body and how to send it; the views live as long as the tree, the snapshot and `owner`.
struct MetadataValue {
  std::string body;
  std::string_view content_type;
  std::string_view last_modified;
  bool unavailable = false;             // the path is there, its body is not yet
  std::string_view access_key_id = {};  // of the credentials in the body; empty: there are none
  std::shared_ptr<const void> owner = {};
};

/// Immutable, thread-safe. Directories come from the paths: a listing has one name a line, sorted,
/// without a final newline, directories with a slash; the root alone lists bare names. A directory
/// whose every row is absent is absent too, and so is what is younger than the view's version.
class MetadataTree : public base::InSlabs {
 public:
  /// `built` becomes Last-Modified. Errc::invalid_argument names the row that does not fit.
  [[nodiscard]] static base::Result<std::shared_ptr<const MetadataTree>> build(
      std::vector<MetadataRow> rows, base::SystemTime built);

  /// A tree that is built when it is first read: of thousands of instances, few are. Readers that
  /// come together each build it, and one tree is kept: nobody waits. INVARIANT: build() would take
  /// the rows.
  [[nodiscard]] static std::shared_ptr<const MetadataTree> deferred(MakeRows rows,
                                                                    base::SystemTime built);
  MetadataTree(const MetadataTree&) = delete;
  MetadataTree& operator=(const MetadataTree&) = delete;
  ~MetadataTree();

  /// `path` is canonical (see path.h), without the version in front; empty reads the root.
  [[nodiscard]] std::optional<MetadataValue> read(std::string_view path,
                                                  const MetadataView& view) const;

  /// Begins to bring what read() looks at first into the cache.
  void prefetch() const noexcept;

  /// An HTTP date.
  [[nodiscard]] std::string_view last_modified() const noexcept { return last_modified_.text(); }

 private:
  explicit MetadataTree(base::SystemTime built);
  [[nodiscard]] const MetadataNodes& nodes() const;
  [[nodiscard]] const MetadataNodes& make_nodes() const;
  [[nodiscard]] MetadataValue value_of(const MetadataNode& node, std::string body) const;
  [[nodiscard]] std::optional<MetadataValue> read_lazy(LazyText& lazy, const MetadataNode& node,
                                                       const MetadataView& view) const;
  [[nodiscard]] std::optional<MetadataValue> read_below_computed(const MetadataNodes& all,
                                                                 std::string_view path,
                                                                 const MetadataView& view) const;
  [[nodiscard]] std::optional<MetadataValue> compute(const MetadataNode& node,
                                                     std::string_view rest,
                                                     const MetadataView& view) const;

  mutable std::atomic<const MetadataNodes*> nodes_ = nullptr;  // null: not made yet
  const base::HttpDate last_modified_;
  MakeRows rows_;  // of a deferred tree
};

}  // namespace imdsd::imds
