// SPDX-License-Identifier: MIT
// What each port serves, and where its handlers run.
#pragma once

#include <memory>

#include "daemon/admin_api.h"
#include "daemon/core.h"
#include "daemon/monitor.h"
#include "http/server.h"

namespace imdsd::daemon {

/// On event threads: it never blocks.
[[nodiscard]] std::shared_ptr<const http::Service> imds_service(const Core& core);
/// The same for one instance, wherever its requests come in. Errc::not_found when it is not there.
[[nodiscard]] base::Result<std::shared_ptr<const http::Service>> imds_service_of(
    const Core& core, const std::string& instance);
/// On the worker pool: signatures, XML; apart from it what waits for the disk, and objects that are
/// put or got.
[[nodiscard]] std::shared_ptr<const http::Service> aws_service(const Core& core);
/// On event threads: it never blocks.
[[nodiscard]] std::shared_ptr<const http::Service> ecs_service(const Core& core);
/// On the worker pool: signatures, and keys of issuers that may have to be fetched.
[[nodiscard]] std::shared_ptr<const http::Service> eks_service(const Core& core);
/// On the worker pool, and for signing in, which is slow on purpose, apart from it.
[[nodiscard]] std::shared_ptr<const http::Service> console_service(const Core& core);
/// On the worker pool: it looks users up and waits for rotations.
[[nodiscard]] std::shared_ptr<const http::Service> admin_service(const AdminApi& admin);
/// On the worker pool: it waits for the event threads.
[[nodiscard]] std::shared_ptr<const http::Service> monitor_service(const Monitor& monitor);

}  // namespace imdsd::daemon
