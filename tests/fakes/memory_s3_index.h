// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "s3/index.h"
#include "s3/roll_keys.h"

namespace imdsd::fakes {

/// An index that holds to the same contract as the real one (tests/support/s3_index_contract.h).
/// `fail_next` makes one change fail, as a full disk does.
class MemoryS3Index final : public s3::Index {
  using Discarded = s3::Discarded;
  template <class T>
  using Result = s3::IndexResult<T>;
  using Errc = s3::IndexErrc;
  using Lock = std::lock_guard<std::mutex>;

  struct Upload {
    s3::Upload upload;
    std::map<std::uint32_t, s3::Part> parts;
  };
  struct Entry {
    std::shared_ptr<const s3::Bucket> bucket;
    std::map<std::string, s3::Object, std::less<>> objects;
    std::map<std::pair<std::string, std::string>, Upload> uploads;  // by key and id
  };

 public:
  bool fail_next = false;

  Result<void> create_bucket(const s3::Bucket& bucket) override {
    Lock lock(mutex_);
    IMDSD_TRY_VOID(fail_if_asked());
    if (const auto found = buckets_.find(bucket.name); found != buckets_.end()) {
      return s3::refuse(found->second.bucket->owner == bucket.owner
                            ? Errc::bucket_already_owned_by_you
                            : Errc::bucket_already_exists);
    }
    buckets_[bucket.name].bucket = std::make_shared<const s3::Bucket>(bucket);
    return {};
  }
  Result<std::shared_ptr<const s3::Bucket>> bucket(std::string_view name) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Entry* entry, find(name));
    return entry->bucket;
  }
  Result<s3::BucketPage> list_buckets(const s3::BucketQuery& query) override {
    Lock lock(mutex_);
    s3::BucketPage page;
    for (const auto& [name, entry] : buckets_) {
      const s3::Bucket& bucket = *entry.bucket;
      if (bucket.owner != query.owner || name <= query.after || !name.starts_with(query.prefix) ||
          (!query.region.empty() && bucket.region != query.region)) {
        continue;
      }
      if (page.buckets.size() == query.max) {
        page.truncated = true;
        break;
      }
      page.buckets.push_back(bucket);
    }
    return page;
  }
  Result<void> set_policy(std::string_view bucket, std::string_view policy) override {
    return change(bucket, [&](s3::Bucket& changed) { changed.policy = policy; });
  }
  Result<void> set_bucket_tags(std::string_view bucket, const s3::Tags& tags) override {
    return change(bucket, [&](s3::Bucket& changed) { changed.tags = tags; });
  }
  Result<void> set_public_access_block(std::string_view bucket,
                                       const std::optional<s3::PublicAccessBlock>& block) override {
    return change(bucket, [&](s3::Bucket& changed) { changed.public_access_block = block; });
  }
  Result<void> set_ownership(std::string_view bucket,
                             const std::optional<s3::ObjectOwnership>& ownership) override {
    return change(bucket, [&](s3::Bucket& changed) { changed.ownership = ownership; });
  }
  Result<Discarded> delete_bucket(std::string_view name) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Entry* entry, find(name));
    IMDSD_TRY_VOID(fail_if_asked());
    if (!entry->objects.empty()) return s3::refuse(Errc::bucket_not_empty);
    Discarded out;
    for (const auto& [id, upload] : entry->uploads) discard(upload, out);
    buckets_.erase(std::string(name));
    return out;
  }

  Result<s3::Object> object(std::string_view bucket, std::string_view key, Detail detail) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Entry* entry, find(bucket));
    const auto found = entry->objects.find(key);
    if (found == entry->objects.end()) return s3::refuse(Errc::no_such_key);
    s3::Object object = found->second;
    if (detail == Detail::description) object.parts.clear();
    return object;
  }
  std::shared_ptr<const s3::Object> remembered(std::string_view bucket,
                                               std::string_view key) const override {
    Lock lock(mutex_);
    const auto entry = buckets_.find(std::string(bucket));
    if (entry == buckets_.end()) return nullptr;
    const auto found = entry->second.objects.find(key);
    return found == entry->second.objects.end() ? nullptr
                                                : std::make_shared<const s3::Object>(found->second);
  }
  Result<s3::ObjectPage> list_objects(std::string_view bucket,
                                      const s3::ObjectQuery& query) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Entry* entry, find(bucket));
    s3::ObjectPage page;
    Cursor cursor(entry->objects, [](const std::string& key) { return std::string_view(key); });
    IMDSD_TRY_VOID(cursor.seek(s3::first_key(query.prefix, query.after, query.from)));
    const auto on_key = [&] {
      const s3::Object& o = cursor.at->second;
      page.objects.push_back({o.key, o.size, o.etag, o.last_modified, o.checksum, o.owner});
    };
    IMDSD_TRY(page.next, s3::roll_keys(cursor, s3::roll_range(query), on_key, [&](auto prefix) {
                page.common_prefixes.emplace_back(prefix);
              }));
    return page;
  }
  Result<Discarded> put_object(std::string_view bucket, const s3::Object& object,
                               const s3::WriteCondition& condition) override {
    Lock lock(mutex_);
    IMDSD_TRY(Entry * entry, find(bucket));
    if (entry->bucket->owner != object.owner) return s3::refuse(s3::IndexErrc::no_such_bucket);
    IMDSD_TRY_VOID(check(*entry, object.key, condition));
    IMDSD_TRY_VOID(fail_if_asked());
    return replace(*entry, object);
  }
  Result<Discarded> delete_object(std::string_view bucket, std::string_view key,
                                  const s3::WriteCondition& condition) override {
    Lock lock(mutex_);
    IMDSD_TRY(Entry * entry, find(bucket));
    IMDSD_TRY_VOID(check(*entry, key, condition));
    IMDSD_TRY_VOID(fail_if_asked());
    return erase(*entry, key);
  }
  Result<void> set_object_tags(std::string_view bucket, std::string_view key,
                               const s3::Tags& tags) override {
    Lock lock(mutex_);
    IMDSD_TRY(Entry * entry, find(bucket));
    const auto found = entry->objects.find(key);
    if (found == entry->objects.end()) return s3::refuse(Errc::no_such_key);
    IMDSD_TRY_VOID(fail_if_asked());
    found->second.attributes.tags = tags;
    return {};
  }

  Result<void> create_upload(std::string_view bucket, const s3::Upload& upload) override {
    Lock lock(mutex_);
    IMDSD_TRY(Entry * entry, find(bucket));
    IMDSD_TRY_VOID(fail_if_asked());
    entry->uploads[{upload.key, upload.id}].upload = upload;
    return {};
  }
  Result<s3::Upload> upload(std::string_view bucket, std::string_view key,
                            std::string_view upload_id) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Upload* found, find_upload(bucket, key, upload_id));
    return found->upload;
  }
  Result<s3::UploadPage> list_uploads(std::string_view bucket,
                                      const s3::UploadQuery& query) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Entry* entry, find(bucket));
    s3::UploadPage page;
    Cursor cursor(entry->uploads, [](const auto& id) { return std::string_view(id.first); });
    cursor.at = entry->uploads.lower_bound(s3::first_upload(query));
    const auto on_key = [&] { page.uploads.push_back(cursor.at->second.upload); };
    IMDSD_TRY(const auto next,
              s3::roll_keys(cursor, s3::roll_range(query), on_key,
                            [&](auto prefix) { page.common_prefixes.emplace_back(prefix); }));
    s3::set_next_markers(page, next.has_value());
    return page;
  }
  Result<Discarded> put_part(std::string_view bucket, std::string_view key,
                             std::string_view upload_id, const s3::Part& part) override {
    Lock lock(mutex_);
    IMDSD_TRY(Upload * found, find_upload(bucket, key, upload_id));
    IMDSD_TRY_VOID(fail_if_asked());
    Discarded out;
    if (const auto before = found->parts.find(part.number); before != found->parts.end()) {
      discard(before->second, out);
    }
    found->parts[part.number] = part;
    return out;
  }
  Result<s3::PartPage> list_parts(std::string_view bucket, std::string_view key,
                                  std::string_view upload_id, std::uint32_t after,
                                  std::size_t max) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Upload* found, find_upload(bucket, key, upload_id));
    s3::PartPage page;
    for (auto at = found->parts.upper_bound(after); at != found->parts.end() && max > 0; ++at) {
      if (page.parts.size() == max) {
        page.truncated = true;
        break;
      }
      page.parts.push_back(at->second);
    }
    return page;
  }
  Result<Discarded> complete_upload(std::string_view bucket, std::string_view upload_id,
                                    const s3::Object& object,
                                    const s3::WriteCondition& condition) override {
    Lock lock(mutex_);
    IMDSD_TRY(Upload * found, find_upload(bucket, object.key, upload_id));
    for (const s3::Part& part : object.parts) {
      const auto there = found->parts.find(part.number);
      if (there == found->parts.end() || there->second.file != part.file) {
        return s3::refuse(Errc::invalid_part);
      }
    }
    Entry& entry = buckets_.find(bucket)->second;
    IMDSD_TRY_VOID(check(entry, object.key, condition));
    IMDSD_TRY_VOID(fail_if_asked());
    for (const s3::Part& part : object.parts) found->parts.erase(part.number);
    Discarded out = replace(entry, object);
    discard(*found, out);
    entry.uploads.erase({object.key, std::string(upload_id)});
    return out;
  }
  Result<Discarded> abort_upload(std::string_view bucket, std::string_view key,
                                 std::string_view upload_id) override {
    Lock lock(mutex_);
    IMDSD_TRY(const Upload* found, find_upload(bucket, key, upload_id));
    IMDSD_TRY_VOID(fail_if_asked());
    Discarded out;
    discard(*found, out);
    buckets_.find(bucket)->second.uploads.erase({std::string(key), std::string(upload_id)});
    return out;
  }

  base::Result<bool> names_file(std::string_view file) override {
    Lock lock(mutex_);
    const auto is = [&](const s3::Part& part) { return part.file == file; };
    for (const auto& [name, entry] : buckets_) {
      for (const auto& [key, object] : entry.objects) {
        if (std::any_of(object.parts.begin(), object.parts.end(), is)) return true;
      }
      for (const auto& [id, upload] : entry.uploads) {
        for (const auto& [number, part] : upload.parts) {
          if (is(part)) return true;
        }
      }
    }
    return false;
  }
  base::Result<Discarded> discarded() override {
    Lock lock(mutex_);
    return Discarded(discarded_.begin(), discarded_.end());
  }
  void forget(const Discarded& files) override {
    Lock lock(mutex_);
    for (const std::string& file : files) discarded_.erase(file);
  }

 private:
  template <class Map, class KeyOf>
  struct Cursor {
    Cursor(const Map& map, KeyOf key_of_entry)
        : entries(map), key_of(key_of_entry), at(map.begin()) {}
    std::optional<std::string_view> key() const {
      return at == entries.end() ? std::nullopt : std::optional(key_of(at->first));
    }
    base::Result<void> next() {
      ++at;
      return {};
    }
    base::Result<void> seek(std::string_view from) {
      at = std::find_if(entries.begin(), entries.end(),
                        [&](const auto& entry) { return key_of(entry.first) >= from; });
      return {};
    }
    const Map& entries;
    KeyOf key_of;
    typename Map::const_iterator at;
  };

  Result<void> fail_if_asked() {
    if (!std::exchange(fail_next, false)) return {};
    return base::fail(base::Errc::unavailable, "the disk is full");
  }
  Result<Entry*> find(std::string_view name) {
    const auto found = buckets_.find(name);
    if (found == buckets_.end()) return s3::refuse(Errc::no_such_bucket);
    return &found->second;
  }
  Result<Upload*> find_upload(std::string_view bucket, std::string_view key, std::string_view id) {
    IMDSD_TRY(Entry * entry, find(bucket));
    const auto found = entry->uploads.find({std::string(key), std::string(id)});
    if (found == entry->uploads.end()) return s3::refuse(Errc::no_such_upload);
    return &found->second;
  }
  template <class Change>
  Result<void> change(std::string_view bucket, Change change) {
    Lock lock(mutex_);
    IMDSD_TRY(Entry * entry, find(bucket));
    IMDSD_TRY_VOID(fail_if_asked());
    auto changed = std::make_shared<s3::Bucket>(*entry->bucket);
    change(*changed);
    entry->bucket = std::move(changed);
    return {};
  }
  static Result<void> check(const Entry& entry, std::string_view key,
                            const s3::WriteCondition& condition) {
    const auto found = entry.objects.find(key);
    const bool there = found != entry.objects.end();
    return s3::check_condition(
        condition, there ? std::optional<std::string_view>(found->second.etag) : std::nullopt);
  }
  Discarded replace(Entry& entry, const s3::Object& object) {
    Discarded out = erase(entry, object.key);
    entry.objects.emplace(object.key, object);
    return out;
  }
  Discarded erase(Entry& entry, std::string_view key) {
    Discarded out;
    const auto found = entry.objects.find(key);
    if (found == entry.objects.end()) return out;
    for (const s3::Part& part : found->second.parts) discard(part, out);
    entry.objects.erase(found);
    return out;
  }
  void discard(const s3::Part& part, Discarded& out) {
    discarded_.insert(part.file);
    out.push_back(part.file);
  }
  void discard(const Upload& upload, Discarded& out) {
    for (const auto& [number, part] : upload.parts) discard(part, out);
  }

  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> buckets_;
  std::set<std::string> discarded_;
};

}  // namespace imdsd::fakes
