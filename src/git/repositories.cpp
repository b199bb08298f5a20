// SPDX-License-Identifier: Apache-2.0
#include "git/repositories.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/log.hpp"
#include "base/process.hpp"
#include "git/environment.hpp"

namespace latchkey::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view draft_prefix = ".new-";

std::string run_git(std::vector<std::string> arguments, const fs::path& directory) {
  arguments.insert(arguments.begin(), "git");
  const std::string command = arguments[1];
  auto result = run_process({.arguments = std::move(arguments),
                             .environment = plain_environment(),
                             .directory = directory.string(),
                             .descriptors = {}},
                            std::chrono::seconds(30));
  if (result.code != 0) throw std::runtime_error("git " + command + " failed: " + result.errors);
  return std::move(result.output);
}

// The branch that HEAD names, there or not.
std::string head_of(const fs::path& directory) {
  std::ifstream file(directory / "HEAD");
  std::string line;
  std::getline(file, line);
  constexpr std::string_view prefix = "ref: ";
  return line.starts_with(prefix) ? line.substr(prefix.size()) : std::string();
}

bool has_branch(const fs::path& directory, const std::string& branch) {
  if (!branch.starts_with("refs/heads/")) return false;  // never an option, never another kind of ref
  std::error_code error;
  if (fs::is_regular_file(directory / branch, error)) return true;  // the usual case, without a process
  return run_git({"--git-dir=.", "for-each-ref", "--format=%(refname)", branch}, directory) == branch + "\n";
}

std::string point_head(const fs::path& directory, const std::string& branch) {
  run_git({"--git-dir=.", "symbolic-ref", "HEAD", branch}, directory);
  return branch;
}

void make_private_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) {
    throw std::runtime_error("The directory " + directory.string() + " can't be made (" + error.message() +
                             "): make the data directory writable for the user that runs Latchkey.");
  }
}

bool is_quarantine(std::string_view name) {
  return name.starts_with("tmp_objdir-") || name.starts_with("incoming-");  // since 2.35, and before
}

// What Git makes while it works and removes when it ends: after a crash it is in the way.
bool is_left_behind(const fs::path& inside) {
  const auto name = inside.filename().string();
  if (*inside.begin() == "objects") return name.starts_with("tmp_") || is_quarantine(name);
  return name.ends_with(".lock");
}

void sweep_repository(const fs::path& directory) {
  std::vector<fs::path> left;
  for (auto at = fs::recursive_directory_iterator(directory); at != fs::recursive_directory_iterator();
       ++at) {
    if (!is_left_behind(at->path().lexically_relative(directory))) continue;
    left.push_back(at->path());
    at.disable_recursion_pending();
  }
  for (const auto& path : left) {
    log_info("a remnant of a crash is removed", {{"path", path.string()}});
    fs::remove_all(path);
  }
}

}  // namespace

Repositories::Repositories(const fs::path& data)
    : root_(fs::absolute(data) / "repositories"), hooks_(fs::absolute(data) / "hooks") {
  make_private_directory(root_);
  make_private_directory(hooks_);
}

void Repositories::create(const fs::path& directory) const {
  const fs::path draft = root_ / (std::string(draft_prefix) + Uuid::random().text());
  run_git({"init", "--quiet", "--bare", "--template=", "--initial-branch=main", draft.string()}, root_);
  std::error_code error;
  fs::rename(draft, directory, error);
  if (!error) return;
  fs::remove_all(draft);
  if (!fs::exists(directory)) throw fs::filesystem_error("a repository can't be made", directory, error);
}

void Repositories::ensure(const store::Repository& repository) const {
  const auto path = directory(repository.id);
  if (!fs::exists(path)) create(path);
  const auto& branch = repository.default_branch;
  if (branch && *branch != head_of(path) && has_branch(path, *branch)) point_head(path, *branch);
}

std::optional<std::string> Repositories::settle_head(const RepositoryId& id) const {
  const auto path = directory(id);
  const auto head = head_of(path);
  if (has_branch(path, head)) return head;
  for (const char* branch : {"refs/heads/main", "refs/heads/master"}) {
    if (has_branch(path, branch)) return point_head(path, branch);
  }
  const auto first =
      run_git({"--git-dir=.", "for-each-ref", "--count=1", "--format=%(refname)", "refs/heads"}, path);
  if (first.empty()) return std::nullopt;
  return point_head(path, first.substr(0, first.find('\n')));
}

std::int64_t Repositories::size(const RepositoryId& id) const {
  std::int64_t sum = 0;
  std::error_code error;  // files may go while we look: they count for nothing
  for (auto at = fs::recursive_directory_iterator(directory(id), error);
       !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code gone;
    const auto bytes = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) sum += static_cast<std::int64_t>(bytes);
  }
  return sum;
}

std::vector<fs::path> Repositories::quarantines(const RepositoryId& id) const {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(directory(id) / "objects")) {
    if (is_quarantine(entry.path().filename().string())) found.push_back(entry.path());
  }
  return found;
}

// HEAD's lock is ours (point_head), and may be in use.
void Repositories::remove_ref_locks(const RepositoryId& id) const {
  std::vector<fs::path> locks{directory(id) / "packed-refs.lock"};
  for (const auto& entry : fs::recursive_directory_iterator(directory(id) / "refs"))
    if (entry.path().extension() == ".lock") locks.push_back(entry.path());
  for (const auto& lock : locks) fs::remove(lock);
}

std::uint64_t Repositories::space() const { return fs::space(root_).available; }

void Repositories::sweep(const std::function<bool(const RepositoryId&)>& exists) const {
  for (const auto& entry : fs::directory_iterator(root_)) {
    const auto name = entry.path().filename().string();
    const auto id = RepositoryId::parse(name);
    if (id && exists(*id)) {
      sweep_repository(entry.path());
    } else if (id || name.starts_with(draft_prefix)) {
      log_info("the directory of a repository that is gone is removed", {{"id", name}});
      fs::remove_all(entry.path());
    }
  }
}

}  // namespace latchkey::git
