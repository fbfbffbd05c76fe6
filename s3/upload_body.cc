// SPDX-License-Identifier: MIT
#include "s3/upload_body.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/message_digest.h"
#include "s3/chunk_decoder.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

using aws::S3Error;
using base::MessageDigest;

constexpr std::size_t kMd5Bytes = 16;

S3Error error_of(const base::Error& error, std::uint64_t size, std::uint64_t max_bytes) {
  if (error.code == base::Errc::too_large) return entity_too_large(size, max_bytes);
  return {400, "RequestTimeout",
          "Your socket connection to the server was not read from or written to within the timeout "
          "period. Idle connections will be closed."};
}

S3Error wrong_length() {
  return {400, "IncompleteBody",
          "You did not provide the number of bytes specified by the Content-Length HTTP header"};
}

S3Error wrong_content_hash(std::string_view sent, std::string_view computed) {
  return {400,
          "XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          {{"ClientComputedContentSHA256", base::hex_encode(sent)},
           {"S3ComputedContentSHA256", base::hex_encode(computed)}}};
}

S3Error wrong_md5(std::string_view sent, std::string_view computed) {
  return {400,
          "BadDigest",
          "The Content-MD5 you specified did not match what we received.",
          {{"ExpectedDigest", base::base64_encode(sent)},
           {"CalculatedDigest", base::base64_encode(computed)}}};
}

S3Error malformed_trailer() {
  return {400, "MalformedTrailerError",
          "The request contained trailing data that was not well-formed or did not conform to our "
          "published schema."};
}

/// A body that is in memory already.
class TextReader final : public base::HttpBodyReader {
 public:
  explicit TextReader(std::string_view text) : rest_(text) {}
  base::Result<std::size_t> read(std::span<char> out) override {
    const std::string_view piece = rest_.substr(0, out.size());
    std::copy(piece.begin(), piece.end(), out.begin());
    rest_.remove_prefix(piece.size());
    return piece.size();
  }

 private:
  std::string_view rest_;
};

}  // namespace

aws::S3Outcome<UploadTerms> parse_upload_terms(const base::HttpHeaders& headers,
                                               SignedBy signed_by) {
  UploadTerms terms;
  IMDSD_TRY(terms.payload, parse_payload(headers, signed_by));
  IMDSD_TRY(terms.checksum, parse_checksum_claim(headers));
  if (terms.checksum && terms.checksum->in_trailer && !terms.payload.has_trailer()) {
    return tl::unexpected(
        invalid_request("The value specified in the x-amz-trailer header is not supported"));
  }
  if (const auto text = headers.get("content-md5")) {
    auto md5 = base::base64_decode(*text);
    if (!md5 || md5->size() != kMd5Bytes) {
      return tl::unexpected(S3Error{400,
                                    "InvalidDigest",
                                    "The Content-MD5 you specified was invalid.",
                                    {{"Content-MD5", std::string(*text)}}});
    }
    terms.content_md5 = *std::move(md5);
  }
  return terms;
}

aws::S3Outcome<void> require_checksum(const UploadTerms& terms) {
  if (terms.checksum || terms.content_md5) return {};
  return tl::unexpected(
      invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*"));
}

class UploadBody::State {
 public:
  State(base::HttpBodyReader& source, UploadTerms terms, Options options)
      : source_(source),
        terms_(std::move(terms)),
        max_bytes_(options.max_bytes),
        md5_(MessageDigest::Method::md5),
        checksum_(kept_algorithm(options.algorithm)) {
    const auto& claim = terms_.checksum;
    if (claim && claim->algorithm != checksum_.algorithm()) claimed_.emplace(claim->algorithm);
    if (terms_.payload.form == PayloadForm::plain_hashed) {
      sha256_.emplace(MessageDigest::Method::sha256);
    }
    if (!terms_.payload.is_chunked()) return;
    const bool is_signed = terms_.payload.is_signed_in_chunks();
    if (!is_signed) options.signatures.reset();
    decoder_.emplace(ChunkDecoder::Options{.bytes = terms_.payload.bytes.value_or(0),
                                           .has_trailer = terms_.payload.has_trailer(),
                                           .signatures = std::move(options.signatures),
                                           .unchecked = is_signed && options.unchecked_chunks});
  }

  aws::S3Outcome<std::string_view> next() {
    if (terms_.payload.bytes.value_or(0) > max_bytes_) return too_large(*terms_.payload.bytes);
    for (;;) {
      if (received_.empty()) {
        IMDSD_TRY_VOID(receive());
        if (received_.empty()) break;
      }
      std::string_view data = std::exchange(received_, {});
      if (decoder_) {
        std::string_view rest = data;
        IMDSD_TRY(data, decoder_->next(rest));
        received_ = rest;
      }
      if (data.empty()) continue;
      if (data.size() > max_bytes_ - digests_.size) return too_large(digests_.size + data.size());
      hash(data);
      return data;
    }
    IMDSD_TRY_VOID(finish());
    return std::string_view();
  }

  [[nodiscard]] const UploadDigests& digests() const noexcept { return digests_; }

 private:
  [[nodiscard]] ChecksumAlgorithm kept_algorithm(std::optional<ChecksumAlgorithm> wanted) const {
    if (wanted) return *wanted;
    return terms_.checksum ? terms_.checksum->algorithm : ChecksumAlgorithm::crc64nvme;
  }

  [[nodiscard]] tl::unexpected<S3Error> too_large(std::uint64_t size) const {
    return tl::unexpected(entity_too_large(size, max_bytes_));
  }

  aws::S3Outcome<void> receive() {
    if (buffer_.empty()) buffer_.resize(kBufferBytes);
    const auto size = source_.read(buffer_);
    if (!size) return tl::unexpected(error_of(size.error(), digests_.size, max_bytes_));
    received_ = std::string_view(buffer_.data(), *size);
    return {};
  }

  void hash(std::string_view data) {
    digests_.size += data.size();
    md5_.update(data);
    checksum_.update(data);
    if (claimed_) claimed_->update(data);
    if (sha256_) sha256_->update(data);
  }

  aws::S3Outcome<void> finish() {
    if (decoder_) {
      IMDSD_TRY_VOID(decoder_->end());
      IMDSD_TRY_VOID(take_trailers());
    }
    if (terms_.payload.bytes.value_or(digests_.size) != digests_.size) {
      return tl::unexpected(wrong_length());
    }
    const std::string md5 = md5_.finish();
    const std::string checksum = checksum_.finish();
    digests_.etag = base::hex_encode(md5);
    digests_.checksum = {checksum_.algorithm(), ChecksumType::full_object,
                         base::base64_encode(checksum)};
    return compare(md5, claimed_ ? claimed_->finish() : checksum);
  }

  /// The one that x-amz-trailer names, and no other.
  aws::S3Outcome<void> take_trailers() {
    auto& claim = terms_.checksum;
    const std::size_t expected = claim && claim->in_trailer ? 1 : 0;
    if (decoder_->trailers().size() != expected) return tl::unexpected(malformed_trailer());
    if (expected == 0) return {};
    const auto& [name, value] = decoder_->trailers().front();
    if (name != header_of(claim->algorithm)) return tl::unexpected(malformed_trailer());
    IMDSD_TRY(claim->value, parse_checksum_value(claim->algorithm, value, ChecksumPlace::trailer));
    return {};
  }

  aws::S3Outcome<void> compare(std::string_view md5, std::string_view checksum) {
    if (sha256_) {
      const std::string sha256 = sha256_->finish();
      if (sha256 != terms_.payload.sha256) {
        return tl::unexpected(wrong_content_hash(terms_.payload.sha256, sha256));
      }
    }
    if (terms_.content_md5 && *terms_.content_md5 != md5) {
      return tl::unexpected(wrong_md5(*terms_.content_md5, md5));
    }
    const auto& claim = terms_.checksum;
    if (!claim) return {};
    if (claim->value && *claim->value != checksum) {
      return tl::unexpected(checksum_mismatch(claim->algorithm));
    }
    digests_.claimed =
        Checksum{claim->algorithm, ChecksumType::full_object, base::base64_encode(checksum)};
    return {};
  }

  base::HttpBodyReader& source_;
  UploadTerms terms_;
  std::uint64_t max_bytes_;
  std::optional<ChunkDecoder> decoder_;
  std::optional<MessageDigest> sha256_;
  MessageDigest md5_;
  ChecksumDigest checksum_;
  std::optional<ChecksumDigest> claimed_;  // where that is another
  UploadDigests digests_;
  std::vector<char> buffer_;
  std::string_view received_;  // what is left in buffer_
};

UploadBody::UploadBody(base::HttpBodyReader& source, UploadTerms terms, Options options)
    : state_(std::make_unique<State>(source, std::move(terms), std::move(options))) {}
UploadBody::UploadBody(UploadBody&&) noexcept = default;
UploadBody::~UploadBody() = default;

aws::S3Outcome<std::string_view> UploadBody::next() {
  return state_->next();
}

const UploadDigests& UploadBody::digests() const noexcept {
  return state_->digests();
}

aws::S3Outcome<std::string> read_document(const base::HttpRequest& request, UploadTerms terms,
                                          std::optional<aws::ChunkSignatures> signatures,
                                          std::size_t max_bytes) {
  TextReader text(request.body);
  base::HttpBodyReader& source =
      request.reader != nullptr ? *request.reader : static_cast<base::HttpBodyReader&>(text);
  UploadBody body(source, std::move(terms),
                  {.max_bytes = max_bytes, .signatures = std::move(signatures)});
  std::string out;
  for (;;) {
    auto piece = body.next();
    if (!piece && piece.error().code == "EntityTooLarge") {
      return tl::unexpected(S3Error{400,
                                    "MaxMessageLengthExceeded",
                                    "Your request was too big.",
                                    {{"MaxMessageLengthBytes", std::to_string(max_bytes)}}});
    }
    if (!piece) return tl::unexpected(std::move(piece).error());
    if (piece->empty()) return out;
    out.append(*piece);
  }
}

}  // namespace imdsd::s3
