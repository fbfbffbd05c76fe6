// SPDX-License-Identifier: MIT
#include "daemon/services.h"

#include <charconv>
#include <limits>
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

/// Unreadable ones are the server's own to refuse.
bool is_longer_than(std::size_t max_bytes, const base::HttpRequest& head) {
  const auto text = head.headers.get("Content-Length");
  if (!text) return false;
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  return error == std::errc::result_out_of_range || (error == std::errc() && length > max_bytes);
}

/// AWS answers a Query body over its limit with a bare 413. The data of an object is bounded by S3
/// itself, which has an error of its own for it.
http::BodyPlan plan_aws(const gateway::Gateway& gateway, const base::HttpRequest& head) {
  http::BodyPlan plan;
  if (gateway.streams(head)) {
    plan.mode = http::BodyPlan::Mode::stream;
    plan.max_bytes = std::numeric_limits<std::size_t>::max();
    return plan;
  }
  plan.max_bytes = gateway::Gateway::kMaxQueryBodyBytes;
  if (is_longer_than(plan.max_bytes, head)) {
    plan.refuse.emplace();
    plan.refuse->status = 413;
  }
  return plan;
}

http::Execution on_pool(bool may_wait) {
  return may_wait ? http::Execution::waiting_pool : http::Execution::worker_pool;
}

http::Execution execution_for(gateway::Gateway::Effort effort) {
  using Effort = gateway::Gateway::Effort;
  return effort == Effort::small ? http::Execution::event_thread
                                 : on_pool(effort == Effort::waiting);
}

std::shared_ptr<const http::Service> make_imds_service(
    std::function<base::HttpResponse(base::HttpRequest&)> handle) {
  auto service = std::make_shared<http::Service>();
  service->name = "imds";
  service->execution = http::Execution::event_thread;
  service->plan = buffer_up_to(imds::Service::kMaxBodyBytes);
  service->handle = std::move(handle);
  service->server_header = imds::Service::kServerHeader;
  return service;
}

}  // namespace

std::shared_ptr<const http::Service> imds_service(const Core& core) {
  return make_imds_service(
      [&core](base::HttpRequest& request) { return core.handle_imds(request); });
}

base::Result<std::shared_ptr<const http::Service>> imds_service_of(const Core& core,
                                                                   const std::string& instance) {
  IMDSD_TRY_VOID(core.instance(instance));  // that it is there
  return make_imds_service([&core, instance](base::HttpRequest& request) {
    return core.handle_imds_of(instance, request);
  });
}

std::shared_ptr<const http::Service> aws_service(const Core& core) {
  auto service = std::make_shared<http::Service>();
  service->name = "aws";
  service->execution = http::Execution::worker_pool;
  service->plan = [&core](const base::HttpRequest& head) { return plan_aws(core.gateway(), head); };
  service->handle = [&core](base::HttpRequest& request) { return core.handle_aws(request); };
  service->execution_of = [&core](const base::HttpRequest& request) {
    return execution_for(core.gateway().effort_of(request));
  };
  return service;
}

std::shared_ptr<const http::Service> ecs_service(const Core& core) {
  auto service = std::make_shared<http::Service>();
  service->name = "ecs";
  service->execution = http::Execution::event_thread;
  service->plan = buffer_up_to(containers::TaskService::kMaxBodyBytes);
  service->handle = [&core](base::HttpRequest& request) { return core.handle_ecs(request); };
  return service;
}

std::shared_ptr<const http::Service> eks_service(const Core& core) {
  auto service = std::make_shared<http::Service>();
  service->name = "eks";
  service->execution = http::Execution::worker_pool;
  service->plan = buffer_up_to(containers::PodIdentityService::kMaxBodyBytes);
  service->handle = [&core](base::HttpRequest& request) { return core.handle_eks(request); };
  return service;
}

std::shared_ptr<const http::Service> console_service(const Core& core) {
  auto service = std::make_shared<http::Service>();
  service->name = "console";
  service->execution = http::Execution::worker_pool;
  service->plan = buffer_up_to(console::Console::kMaxBodyBytes);
  service->handle = [&core](base::HttpRequest& request) { return core.console().handle(request); };
  service->execution_of = [](const base::HttpRequest& request) {
    return on_pool(console::Console::may_wait(request));
  };
  return service;
}

std::shared_ptr<const http::Service> admin_service(const AdminApi& admin) {
  auto service = std::make_shared<http::Service>();
  service->name = "admin";
  service->execution = http::Execution::worker_pool;
  service->plan = buffer_up_to(AdminApi::kMaxBodyBytes);
  service->handle = [&admin](base::HttpRequest& request) { return admin.handle(request); };
  // Until keys are made, at the first start; for passwords; for a long audit file.
  service->execution_of = [](const base::HttpRequest& request) {
    return on_pool(console::Console::may_wait(request) ||
                   request.path() == "/v1/identity-certificates" || request.path() == "/v1/token" ||
                   request.path() == "/v1/policy");
  };
  return service;
}

std::shared_ptr<const http::Service> monitor_service(const Monitor& monitor) {
  auto service = std::make_shared<http::Service>();
  service->name = "monitor";
  service->execution = http::Execution::worker_pool;
  service->plan = buffer_up_to(0);
  service->handle = [&monitor](base::HttpRequest& request) { return monitor.handle(request); };
  return service;
}

}  // namespace imdsd::daemon
