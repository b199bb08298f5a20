// SPDX-License-Identifier: Apache-2.0
#include "app/data_directory.hpp"

#include <system_error>

#include "app/command.hpp"

namespace latchkey::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& sentence) { throw Failure(ExitCode::refused, sentence); }

void make(const fs::path& path) {
  std::error_code failed;
  if (fs::create_directories(path, failed)) fs::permissions(path, fs::perms::owner_all, failed);
  if (failed) refuse("can't make the data directory " + path.string() + ": " + failed.message());
}

}  // namespace

DataDirectory::DataDirectory(const fs::path& path, Missing missing) : path_(fs::absolute(path)) {
  const std::string name = path_.string();
  if (missing == Missing::make) make(path_);
  std::error_code failed;
  const fs::file_status status = fs::status(path_, failed);
  if (!fs::is_directory(status))
    refuse("there is no data directory " + name + ": make it with latchkey init --data " + path.string() +
           " --organization NAME --admin EMAIL");
  if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
    refuse("others than its owner may enter the data directory " + name + ": run chmod 700 " + name);
}

}  // namespace latchkey::app
