// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "base/tls_context.h"
#include "http/client.h"
#include "http/resolver.h"
#include "tests/support/tls_peer.h"
#include "tests/unit/http/running_server.h"

namespace imdsd::http {
namespace {

using base::Errc;
using testing::echo;
using testing::RunningServer;

class ClientTls : public ::testing::Test {
 protected:
  ClientTls() : server_(testing::quick_options()) {
    auto context = base::TlsContext::for_server(leaf_.pem(), base::Secret(leaf_.key_pem()));
    cell_ = std::make_shared<TlsCell>(context.value());
    address_ = server_.bind(testing::service_of([this](base::HttpRequest& request) {
                              base::HttpResponse response = echo(request);
                              if (!body_.empty()) response.body = body_;
                              return response;
                            }),
                            "127.0.0.1:0", cell_);
    server_.start();
  }

  base::Result<base::HttpResponse> get(const TlsServer& as, std::size_t most = 1u << 20) const {
    base::HttpClient::Request request;
    request.target = "/x";
    request.max_response_bytes = most;
    return make_tls_client(address_, as)->send(request);
  }

  const support::Identity root_ = support::make_identity("root", "", nullptr);
  const support::Identity leaf_ = support::make_identity("leaf", "DNS:issuer.example", &root_);
  const base::TlsTrust trust_ = base::TlsTrust::system(root_.pem()).value();
  std::string body_;
  RunningServer server_;
  std::shared_ptr<TlsCell> cell_;
  base::SocketAddress address_;
};

TEST_F(ClientTls, ExchangesWithWhomItTrusts) {
  const auto response = get({trust_, "issuer.example", {}});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "GET /x []");
}

TEST_F(ClientTls, OthersAreDenied) {
  const auto wrong_name = get({trust_, "other.example", {}});
  ASSERT_FALSE(wrong_name);
  EXPECT_EQ(wrong_name.error().code, Errc::access_denied);
  const auto unknown = get({base::TlsTrust::system().value(), "issuer.example", {}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::access_denied);
  EXPECT_TRUE(get({base::TlsTrust::system().value(), "issuer.example", {leaf_.thumbprint()}}));
}

TEST_F(ClientTls, AnswersHaveASize) {
  body_ = std::string(200'000, 'x');
  EXPECT_EQ(get({trust_, "issuer.example", {}}, 200'000).value().body, body_);
  const auto longer = get({trust_, "issuer.example", {}}, 199'999);
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, Errc::too_large);
}

TEST(ClientTlsAlone, APlainServerIsUnavailable) {
  RunningServer plain(echo);
  const auto response =
      make_tls_client(plain.address(), {base::TlsTrust::system().value(), "issuer.example", {}})
          ->send({});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::unavailable);
}

TEST(Resolver, KnowsTheNamesOfThisHost) {
  const auto addresses = resolve("localhost", std::chrono::milliseconds(2000));
  ASSERT_TRUE(addresses) << addresses.error().message;
  for (const auto& address : *addresses) EXPECT_TRUE(address.is_loopback());
}

}  // namespace
}  // namespace imdsd::http
