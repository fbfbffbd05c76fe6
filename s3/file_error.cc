// SPDX-License-Identifier: MIT
#include "s3/file_error.h"

#include <cerrno>
#include <system_error>

namespace imdsd::s3 {
namespace {

using base::Errc;

std::string reason_of(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "the disk is full; free space, and it works again";
    case EACCES:
    case EPERM:
    case EROFS:
      return "the file or its folder is read-only; make both writable for imdsd";
    case ENOENT:
      return "there is no such file or folder";
    default:
      return std::generic_category().message(error);
  }
}

}  // namespace

tl::unexpected<base::Error> file_error(std::string_view doing, const std::string& path, int error) {
  return base::fail(error == ENOENT ? Errc::not_found : Errc::unavailable,
                    "cannot " + std::string(doing) + " `" + path + "`: " + reason_of(error));
}

}  // namespace imdsd::s3
