// The data directory: its owner's alone (0700), and locked as long as this object lives, so that no two
// servers work on one database. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>

#include "base/process.hpp"

namespace latchkey::app {

class DataDirectory {
 public:
  enum class Missing : bool { refuse, make };
  // Throws Failure with one sentence that says what to do: not there, not writable, readable by others, in
  // use.
  DataDirectory(const std::filesystem::path& path, Missing missing);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  Descriptor lock_;
};

}  // namespace latchkey::app
