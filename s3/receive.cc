// SPDX-License-Identifier: MIT
#include "s3/receive.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

using aws::S3Outcome;
using base::Result;

/// A body that is whole already.
class TextReader final : public base::HttpBodyReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) {}
  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min(out.size(), rest_.size());
    std::copy_n(rest_.begin(), size, out.begin());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
};

/// Some bytes of an object. Why they could not be read is kept: it is not the client's connection.
class ObjectBodyReader final : public base::HttpBodyReader {
 public:
  explicit ObjectBodyReader(const CopySource& source)
      : reader_(source.reader), offset_(source.offset), left_(source.size) {}
  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const auto size = reader_.read(offset_, out.first(std::min<std::uint64_t>(out.size(), left_)));
    if (!size) {
      failure_ = size.error();
      return size;
    }
    offset_ += *size;
    left_ -= *size;
    return size;
  }
  [[nodiscard]] const std::optional<base::Error>& failure() const noexcept { return failure_; }

 private:
  FileReader& reader_;
  std::uint64_t offset_, left_;
  std::optional<base::Error> failure_;
};

S3Outcome<Received> write_down(const Context& context, UploadBody body, std::uint64_t size) {
  IMDSD_S3_TRY(FileWriter file, context, context.store.create(size));
  while (true) {
    IMDSD_TRY(const std::string_view piece, body.next());
    if (piece.empty()) break;
    IMDSD_S3_TRY_VOID(context, file.append(piece));
  }
  return Received{std::move(file), body.digests()};
}

}  // namespace

S3Outcome<Received> receive_body(Context& context, std::uint64_t max_bytes,
                                 std::optional<ChecksumAlgorithm> algorithm) {
  const base::HttpRequest& http = context.request.http;
  IMDSD_TRY(UploadTerms terms, parse_upload_terms(http.headers, context.request.signed_by));
  const auto size = terms.payload.bytes;
  if (!size) {
    return tl::unexpected(aws::S3Error{411, "MissingContentLength",
                                       "You must provide the Content-Length HTTP header."});
  }
  if (*size > max_bytes) return tl::unexpected(entity_too_large(*size, max_bytes));
  UploadBody::Options options;
  options.max_bytes = max_bytes;
  options.algorithm = algorithm;
  options.signatures = std::exchange(context.request.chunk_signatures, std::nullopt);
  options.unchecked_chunks = context.request.realm.mode == iam::AuthMode::off;
  TextReader text(http.body);
  base::HttpBodyReader& source = http.reader ? *http.reader : text;
  return write_down(context, UploadBody(source, std::move(terms), std::move(options)), *size);
}

S3Outcome<Received> receive_copy(Context& context, const CopySource& source,
                                 std::optional<ChecksumAlgorithm> algorithm) {
  ObjectBodyReader reader(source);
  UploadTerms terms;
  terms.payload.bytes = source.size;
  UploadBody::Options options;
  options.max_bytes = source.size;
  options.algorithm = algorithm;
  auto received =
      write_down(context, UploadBody(reader, std::move(terms), std::move(options)), source.size);
  if (reader.failure()) return tl::unexpected(context.error_of(*reader.failure()));
  return received;
}

}  // namespace imdsd::s3
