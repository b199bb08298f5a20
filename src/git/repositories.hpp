// The directories of repositories: {data}/repositories/{id}, bare, without templates, hooks or alternates.
// All but the constructor and sweep() may be called by any pool thread; everything blocks.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "store/projects.hpp"

namespace latchkey::git {

class Repositories {
 public:
  // Makes the directories below `data`. Throws std::runtime_error that says what to do.
  explicit Repositories(const std::filesystem::path& data);

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
  [[nodiscard]] const std::filesystem::path& hooks() const noexcept { return hooks_; }

  // Makes the directory unless it is there, and points HEAD to the repository's default branch if that is
  // there.
  void ensure(const store::Repository& repository) const;
  // Points a HEAD whose branch is not there to one that is: main, else master, else the first. The branch
  // that HEAD names now ("refs/heads/main"), if it is there.
  std::optional<std::string> settle_head(const RepositoryId& id) const;
  [[nodiscard]] std::int64_t size(const RepositoryId& id) const;
  // Where pushes that are under way, or were killed, keep their objects.
  [[nodiscard]] std::vector<std::filesystem::path> quarantines(const RepositoryId& id) const;
  // REQUIRES: no push runs in it.
  void remove_ref_locks(const RepositoryId& id) const;
  // Bytes that may still be written on the disk.
  [[nodiscard]] std::uint64_t space() const;

  // Removes what a crash left behind: locks, quarantines, half-made directories, and those whose repository
  // is gone.
  void sweep(const std::function<bool(const RepositoryId&)>& exists) const;

 private:
  [[nodiscard]] std::filesystem::path directory(const RepositoryId& id) const { return root_ / id.text(); }
  void create(const std::filesystem::path& directory) const;

  std::filesystem::path root_, hooks_;
};

}  // namespace latchkey::git
