// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/http_message.h"

namespace imdsd::fakes {

/// HttpRequestBuilder("PUT", "/latest/api/token").header("Host", "x").from("10.0.0.1:5000").build()
class HttpRequestBuilder {
 public:
  HttpRequestBuilder(std::string method, std::string target) {
    request_.method = std::move(method);
    request_.target = std::move(target);
  }
  HttpRequestBuilder& header(std::string name, std::string value) {
    request_.headers.add(std::move(name), std::move(value));
    return *this;
  }
  HttpRequestBuilder& body(std::string body) {
    request_.body = std::move(body);
    return *this;
  }
  /// Address and port, as SocketAddress::parse reads them.
  HttpRequestBuilder& from(std::string_view peer) {
    request_.peer.address = base::SocketAddress::parse(peer).value();
    return *this;
  }
  HttpRequestBuilder& to(std::string_view local) {
    request_.local = base::SocketAddress::parse(local).value();
    return *this;
  }
  HttpRequestBuilder& secure() {
    request_.secure = true;
    return *this;
  }
  [[nodiscard]] base::HttpRequest build() const { return request_; }

 private:
  base::HttpRequest request_;
};

}  // namespace imdsd::fakes
