// SPDX-License-Identifier: Apache-2.0
#include "app/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "app/command.hpp"
#include "base/process.hpp"

namespace latchkey::app {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw Failure(ExitCode::refused,
                "can't write " + path.string() + ": " + std::generic_category().message(error));
}

}  // namespace

void write_private_file(const std::filesystem::path& path, std::string_view content) {
  std::error_code failed;
  if (std::filesystem::create_directories(path.parent_path(), failed))
    std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all, failed);
  const std::string beside = path.string() + ".new";
  const Descriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0 || fchmod(file.get(), 0600) != 0) fail(path, errno);
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0 && errno != EINTR) fail(path, errno);
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.get()) != 0 || rename(beside.c_str(), path.c_str()) != 0) fail(path, errno);
}

}  // namespace latchkey::app
