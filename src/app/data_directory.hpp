// The data directory: there, and its owner's alone (0700). That no two servers work on it is the store's
// affair.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>

namespace latchkey::app {

class DataDirectory {
 public:
  enum class Missing : bool { refuse, make };
  // Throws Failure with one sentence that says what to do: not there, can't be made, open to others.
  DataDirectory(const std::filesystem::path& path, Missing missing);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace latchkey::app
