// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "iam/entity_codec.h"
#include "iam/store.h"

namespace imdsd::fakes {

/// Keeps entities as the text that a real store would keep, so that what is not encoded is lost
/// here, too. `fail_next` makes one commit fail.
class MemoryStore final : public iam::Store {
 public:
  bool fail_next = false;
  std::size_t commits = 0;

  base::Result<Content> load() override {
    Content content;
    iam::EntityDecoder decoder;
    for (const auto& [id, record] : records_) {
      IMDSD_TRY(auto entity, decoder.decode(record.kind, record.body));
      content.entities.push_back(std::move(entity));
    }
    for (const auto& [id, usage] : usage_) content.usage.push_back(usage);
    return content;
  }

  base::Result<void> commit(std::span<const iam::Change> changes) override {
    if (std::exchange(fail_next, false)) {
      return base::fail(base::Errc::unavailable, "the disk is full");
    }
    for (const iam::Change& change : changes) {
      const std::string id =
          std::visit([](const auto& entity) { return entity->unique_id; }, change.entity);
      if (change.erased) {
        records_.erase(id);
      } else {
        records_[id] = {std::string(iam::kind_of(change.entity)),
                        iam::encode_entity(change.entity)};
      }
    }
    ++commits;
    return {};
  }

  base::Result<void> commit_usage(std::span<const iam::Usage> usage) override {
    for (const iam::Usage& item : usage) usage_[item.id] = item;
    return {};
  }

  base::Result<std::optional<std::string>> meta(std::string_view key) override {
    const auto found = meta_.find(std::string(key));
    if (found == meta_.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }

  base::Result<void> set_meta(std::string_view key, std::string_view value) override {
    meta_[std::string(key)] = value;
    return {};
  }

 private:
  struct Record {
    std::string kind, body;
  };
  std::map<std::string, Record> records_;
  std::map<std::string, iam::Usage> usage_;
  std::map<std::string, std::string> meta_;
};

}  // namespace imdsd::fakes
