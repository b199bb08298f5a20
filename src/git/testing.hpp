// For tests only: a whole server with one repository over real store, authority and git, and clients for it:
// stock git, and a raw socket for what git would not send. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "authority/projects.hpp"
#include "authority/testing.hpp"
#include "base/pool.hpp"
#include "base/process.hpp"
#include "base/random.hpp"
#include "git/environment.hpp"
#include "git/git.hpp"
#include "git/rules.hpp"
#include "http/path.hpp"
#include "http/server.hpp"

namespace latchkey::git {

namespace fs = std::filesystem;

// Waits for a condition that something else brings about; false if it never does.
inline bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

// A client's socket.
class Wire {
 public:
  explicit Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  // False once the server has closed.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  [[nodiscard]] std::string read_all() const {
    std::string all;
    std::array<char, 4096> buffer;
    for (;;) {
      const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (got <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  // Fills `buffer`; fewer bytes at the end.
  [[nodiscard]] std::size_t read(std::span<char> buffer) const {
    const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_WAITALL);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }
  // Whether there is something to read, now or within that time.
  [[nodiscard]] bool answered(std::chrono::milliseconds within = {}) const {
    pollfd waiting{socket_.get(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(within.count())) > 0;
  }
  void close() { socket_.reset(); }

 private:
  Descriptor socket_;
};

class GitServerTest : public testing::Test {
 protected:
  GitServerTest() { repository_ = add_repository("house"); }

  void start(Options options = {}) {
    options.data = world_.directory.path();
    git_ = std::make_unique<Git>(world_.authority(), options);
    server_ =
        std::make_unique<http::Server>(http::ServerOptions{}, pool_, [this](unsigned) { return entry(); });
    server_->start();
  }

  store::Repository add_repository(const std::string& name) {
    const auto& actor = authority::World::signed_in(world_.admin);
    static_cast<void>(authority::create_project(world_.authority(), actor, world_.organization,
                                                {.name = name, .description = {}}));
    return authority::open_repository(world_.authority(), actor, world_.organization, name, name, true);
  }
  [[nodiscard]] store::Repository shown() {
    return authority::open_repository(world_.authority(), authority::World::signed_in(world_.admin),
                                      world_.organization, "house", "house", false);
  }

  // Paths are "/house/info/refs" and the like.
  http::Entry entry() {
    return [this](const http::Request& request) -> http::Action {
      const auto segments = http::split_path(request.head.path);
      compressed_ = compressed_ || is_gzip(request.head);
      const bool push =
          segments->back() == "git-receive-pack" || request.head.query.contains("git-receive-pack");
      return git_->serve(
          {.step = segments->back() == "refs" ? GitRequest::Step::advertise : GitRequest::Step::exchange,
           .service = push ? Service::receive_pack : Service::upload_pack,
           .organization = world_.organization,
           .project = segments->front(),
           .repository = segments->front(),
           .actor = authority::World::signed_in(user_),
           .presented = {},
           // The hook's question: a ref is locked then.
           .still_good = [this] { return !has_ref_lock() || asked_++ < good_for_; },
           .identify = identify_});
    };
  }

  [[nodiscard]] fs::path directory() const {
    return world_.directory.path() / "repositories" / repository_.id.text();
  }
  [[nodiscard]] bool has_ref_lock() const {
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(directory() / "refs", error))
      if (entry.path().extension() == ".lock") return true;
    return false;
  }
  [[nodiscard]] fs::path work() const { return world_.directory.path() / "work"; }
  [[nodiscard]] std::string url(const std::string& name = "house") const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/" + name;
  }

  // Stock git, in the work directory, with its output and errors as one.
  struct Ran {
    int code = 0;
    std::string text;
  };
  Ran git(const std::vector<std::string>& arguments, const fs::path& in = {}) const {
    std::vector<std::string> all = {
        "git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "init.defaultBranch=main"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    auto environment = plain_environment();
    environment.emplace_back("GIT_TERMINAL_PROMPT=0");
    const auto result = run_process({.arguments = std::move(all),
                                     .environment = std::move(environment),
                                     .directory = in.empty() ? work().string() : in.string(),
                                     .descriptors = {}},
                                    std::chrono::seconds(120));
    return {result.code, result.output + result.errors};
  }
  void must(const std::vector<std::string>& arguments) const {
    const auto ran = git(arguments);
    ASSERT_EQ(ran.code, 0) << arguments.front() << ": " << ran.text;
  }
  void commit(const std::string& file, const std::string& content) const {
    std::ofstream(work() / file) << content;
    must({"add", file});
    must({"commit", "--quiet", "-m", file});
  }
  // A work directory with one commit on main.
  void make_work() const {
    fs::create_directories(work());
    must({"init", "--quiet"});
    must({"remote", "add", "origin", url()});
    commit("README", "Welcome.\n");
  }
  // Text that does not compress.
  [[nodiscard]] static std::string noise(std::size_t size) {
    std::string bytes(size, '\0');
    fill_random(std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }

  // "<id> <ref>" lines of the server's side, without asking the server.
  [[nodiscard]] std::string refs() const {
    return git({"for-each-ref", "--format=%(objectname) %(refname)"}, directory()).text;
  }
  [[nodiscard]] std::string tip(const std::string& revision = "HEAD") const {
    const auto text = git({"rev-parse", revision}).text;
    return text.substr(0, text.find('\n'));
  }

  // Locks, quarantines and half-written files below the repository.
  [[nodiscard]] bool has_remnants() const {
    std::error_code error;
    for (auto at = fs::recursive_directory_iterator(directory(), error);
         at != fs::recursive_directory_iterator(); at.increment(error)) {
      const auto name = at->path().filename().string();
      if (name.ends_with(".lock") || name.starts_with("tmp_")) return true;
    }
    return false;
  }
  // Processes that were started for this server's repositories: they carry its directory in their
  // environment.
  [[nodiscard]] bool has_processes() const {
    const auto mark = "GIT_PROJECT_ROOT=" + (world_.directory.path() / "repositories").string();
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::ifstream file(entry.path() / "environ", std::ios::binary);
      const std::string environment(std::istreambuf_iterator<char>(file), {});
      if (environment.contains(mark)) return true;
    }
    return false;
  }

  [[nodiscard]] static std::string line(std::string_view text) {
    std::array<char, 5> length{};
    std::snprintf(length.data(), length.size(), "%04zx", text.size() + 4);
    return length.data() + std::string(text);
  }
  // What git would send to move main to the work directory's HEAD.
  [[nodiscard]] std::string push_body() const {
    using namespace std::string_literals;
    const auto pack = git({"pack-objects", "--quiet", "--all", "--stdout"}).text;
    return line(std::string(40, '0') + " " + tip() + " refs/heads/main\0report-status side-band-64k"s) +
           "0000" + pack;
  }
  [[nodiscard]] static std::string post_head(std::string_view service, std::size_t length,
                                             std::string_view fields = {}) {
    return "POST /house/" + std::string(service) +
           " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-" +
           std::string(service) + "-request\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(length) + "\r\n\r\n";
  }
  // The answer to a POST of `body`.
  [[nodiscard]] std::string post(std::string_view service, std::string_view body,
                                 std::string_view fields = {}) const {
    const Wire wire(server_->port());
    wire.send(post_head(service, body.size(), fields));
    wire.send(body);
    return wire.read_all();
  }
  [[nodiscard]] static int status(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
  }

  authority::World world_;
  store::Repository repository_;
  UserId user_ = world_.ann;
  std::atomic<int> asked_ = 0, good_for_ = 1'000'000;  // questions of the hook: asked, and answered with yes
  std::function<std::optional<http::Response>(GitRequest&)> identify_;  // empty: it is `user_`
  std::atomic<bool> compressed_ = false;                                // a compressed request came
  Pool pool_{2, 64};
  std::unique_ptr<Git> git_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace latchkey::git
