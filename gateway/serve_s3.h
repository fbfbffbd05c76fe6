// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "aws/s3_error.h"
#include "base/http_message.h"
#include "gateway/exchange.h"

namespace imdsd::gateway {

/// A request for S3: signed for it, or signed for nobody and no call of a Query service, which has
/// an Action or goes to `/` of a host that is no bucket. `domains`: as Settings has them. The head
/// alone tells, but for a form that is posted without a signature.
[[nodiscard]] bool is_for_s3(const base::HttpRequest& request,
                             std::span<const std::string> domains);

/// Is it to read what `service` remembers, by a signature that is checked quickly?
[[nodiscard]] bool is_quick_for_s3(const base::HttpRequest& request,
                                   std::span<const std::string> domains,
                                   const s3::Service& service);

/// Does this head announce the data of an object, to be read as they arrive?
[[nodiscard]] bool streams_to_s3(const base::HttpRequest& head,
                                 std::span<const std::string> domains);

/// Authenticates and has it done. Waits for the disk.
[[nodiscard]] base::HttpResponse serve_s3(Exchange& exchange);

/// An error in S3's shape, noted in the record, with the headers that all of its answers have.
[[nodiscard]] base::HttpResponse s3_error(Exchange& exchange, const aws::S3Error& error);

}  // namespace imdsd::gateway
