// SPDX-License-Identifier: MIT
// What a browser, or something that looks like one, sends to the console: a Cookie line, what a
// proxy adds, and the form of signing in.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "console/request_guard.h"
#include "console/sign_in.h"
#include "console/trusted_proxy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  imdsd::base::HttpRequest request;
  request.local = imdsd::base::SocketAddress{imdsd::base::IpAddress::from_v4({127, 0, 0, 1}), 1340};
  request.headers.add("Host", std::string(text.substr(0, text.find('\n'))));
  request.headers.add("Cookie", std::string(text));
  const auto token = imdsd::console::session_cookie(request);
  if (!token.empty() && text.find(token) == std::string_view::npos) std::abort();
  if (token.find(';') != std::string_view::npos) std::abort();
  [[maybe_unused]] const auto refusal = imdsd::console::refuse_foreign(request, {});
  const std::vector proxies{imdsd::base::IpNetwork::parse("127.0.0.0/8").value()};
  request.headers.add("X-Forwarded-For", std::string(text));
  request.headers.add("X-Forwarded-Proto", std::string(text));
  if (imdsd::console::as_sent(request, proxies)) std::abort();  // from nobody
  request.peer.address = request.local;
  if (!imdsd::console::as_sent(request, proxies)->peer.address) std::abort();
  const auto form = imdsd::console::SignInForm::parse(text);
  if (form && (form->user.empty() || form->password.empty())) std::abort();
  if (!form && form.error().message.empty()) std::abort();
  return 0;
}
