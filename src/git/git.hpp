// git/ serves the smart HTTP protocol by streaming to `git http-backend`, both ways with back-pressure:
// memory does not grow with the pack. The rules are security.md's, Git.
//
// A repository's directory is {data}/repositories/{id}, made on first use. Who may is decided in three
// places: at info/refs (refusals are shown to people only there, as text/plain), again at the POST, and once
// more in the reference-transaction hook just before refs move: a token that ended during the push moves
// none.
//
// A client that goes away ends its processes: SIGTERM to the group, SIGKILL ten seconds later; no lock is
// left. So does the end of its token, as soon as the index has it (authority/long_requests.hpp), with its
// connection: it can't take what it has for the whole.
//
// Threads: Git::serve() belongs to the request's reactor; the constructor and sweep() to start-up.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "authority/authority.hpp"
#include "base/digest.hpp"
#include "base/ids.hpp"
#include "http/message.hpp"

namespace latchkey::git {

enum class Service : std::uint8_t { upload_pack = 1, receive_pack };

struct Options {
  std::filesystem::path data;                                   // the data directory
  std::size_t processes_max = 64;                               // in all; beyond: 503 with Retry-After
  std::size_t processes_user_max = 16;                          // for a user
  std::uint64_t receive_max = std::uint64_t{4} << 30;           // bytes of one push
  std::uint64_t free_reserve = std::uint64_t{1} << 30;          // below it on disk pushes are refused: 507
  std::optional<std::uint64_t> repository_quota{};              // bytes; a larger one takes no pushes: 507
  std::chrono::seconds exchange_limit = std::chrono::hours(4);  // for one fetch or push
};

struct GitRequest {
  enum class Step : std::uint8_t { advertise = 1, exchange };  // info/refs, or the POST of a service
  Step step{};
  Service service{};
  OrganizationId organization;
  std::string project, repository;  // names, decoded; a trailing ".git" of the repository is taken off
  authority::Actor actor;
  Digest presented;  // of the text that the client came with
  // Asks again, on the reactor, whether that text may still do this.
  std::function<bool()> still_good;
  // Where only the pool can tell who asks (a password): called there, first. Completes `actor` and
  // `still_good`, or gives the refusal.
  std::function<std::optional<http::Response>(GitRequest&)> identify{};
};

class Git {
 public:
  // Throws std::runtime_error when the directories can't be made or `git` is missing, and says what to do.
  Git(authority::Authority& authority, Options options);
  ~Git();
  Git(const Git&) = delete;
  Git& operator=(const Git&) = delete;

  // Removes what a crash left behind: stale locks and quarantines, directories of repositories that are gone.
  void sweep();

  // How many operations run now, each with a process of its own. Any thread.
  [[nodiscard]] std::size_t running() const;

  // The action that serves it (http::Stream).
  [[nodiscard]] http::Action serve(GitRequest request);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace latchkey::git
