// SPDX-License-Identifier: MIT
#include "daemon/services.h"

#include <utility>

namespace imdsd::daemon {
namespace {

std::function<http::BodyPlan(const base::HttpRequest&)> buffer_up_to(std::size_t max_bytes) {
  return [max_bytes](const base::HttpRequest&) {
    http::BodyPlan plan;
    plan.max_bytes = max_bytes;
    return plan;
  };
}

}  // namespace

std::shared_ptr<const http::Service> imds_service(const Core& core) {
  auto service = std::make_shared<http::Service>();
  service->name = "imds";
  service->execution = http::Execution::event_thread;
  service->plan = buffer_up_to(imds::Service::kMaxBodyBytes);
  service->handle = [&core](base::HttpRequest& request) { return core.handle_imds(request); };
  service->server_header = imds::Service::kServerHeader;
  return service;
}

std::shared_ptr<const http::Service> aws_service(const Core& core) {
  auto service = std::make_shared<http::Service>();
  service->name = "aws";
  service->execution = http::Execution::worker_pool;
  service->plan = buffer_up_to(gateway::Gateway::kMaxQueryBodyBytes);
  service->handle = [&core](base::HttpRequest& request) { return core.handle_aws(request); };
  return service;
}

std::shared_ptr<const http::Service> admin_service(const AdminApi& admin) {
  auto service = std::make_shared<http::Service>();
  service->name = "admin";
  service->execution = http::Execution::worker_pool;
  service->plan = buffer_up_to(AdminApi::kMaxBodyBytes);
  service->handle = [&admin](base::HttpRequest& request) { return admin.handle(request); };
  return service;
}

}  // namespace imdsd::daemon
