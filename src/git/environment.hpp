// The environment of Git's processes: nothing of the server's own but PATH, nothing of a request but checked
// values, and the configuration that a repository's own can't override (security.md, Git). Pure but for PATH;
// any thread. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "git/git.hpp"

namespace latchkey::git {

// "NAME=value", as Process takes it: for `git` on our own behalf.
[[nodiscard]] std::vector<std::string> plain_environment();

// One call of `git http-backend`; every value is checked or ours.
struct BackendCall {
  GitRequest::Step step{};
  Service service{};
  RepositoryId repository;
  UserId user;
  std::string protocol;  // of Git-Protocol; may be empty
  std::filesystem::path repositories, hooks;
  std::uint64_t pack_max = 0;
};
[[nodiscard]] std::vector<std::string> backend_environment(const BackendCall& call);

}  // namespace latchkey::git
