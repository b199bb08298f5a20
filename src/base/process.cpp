// SPDX-License-Identifier: Apache-2.0
#include "base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/check.hpp"

namespace latchkey {
namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

// What the child's descriptors become, in order, between fork and exec.
class FileActions {
 public:
  FileActions() { check(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init"); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void change_directory(const std::string& directory) {
    check(::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()), "addchdir");
  }

  // Numbers may overlap: everything is first copied above the highest number of the child, then put into
  // place.
  void map(const std::vector<std::pair<int, int>>& descriptors) {
    int last = STDERR_FILENO;
    for (const auto& [ours, childs] : descriptors) last = std::max(last, childs);
    for (const auto& [ours, childs] : descriptors) {
      const auto& copy = copies_.emplace_back(::fcntl(ours, F_DUPFD_CLOEXEC, last + 1));
      if (copy.get() < 0) check(errno, "a descriptor for the child");
      check(::posix_spawn_file_actions_adddup2(&actions_, copy.get(), childs), "adddup2");
    }
    for (int number = 0; number <= last; ++number) {
      if (std::ranges::find(descriptors, number, &std::pair<int, int>::second) != descriptors.end()) continue;
      // A program that has no standard stream takes the next file it opens for one.
      check(number <= STDERR_FILENO
                ? ::posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", O_RDWR, 0)
                : ::posix_spawn_file_actions_addclose(&actions_, number),
            "addopen");
    }
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, last + 1), "addclosefrom");
  }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
  std::vector<Descriptor> copies_;
};

// A process group of its own, no signal blocked, none ignored (this process ignores SIGPIPE).
class Attributes {
 public:
  Attributes() {
    check(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t none{}, all{};
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// What exec takes: pointers to the texts, then a null. Valid as long as the texts are.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Reads what is there; at the end closes. What is beyond the bound is read, so that the writer goes on, and
// dropped.
void drain(Descriptor& from, std::string& into) {
  constexpr std::size_t size_max = 1 << 20;
  std::array<char, 65536> buffer;
  const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
  if (got > 0) {
    into.append(buffer.data(), std::min(static_cast<std::size_t>(got), size_max - into.size()));
  } else if (got == 0 || errno != EINTR) {
    from.reset();
  }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

void Descriptor::reset() noexcept {
  if (fd_ >= 0) ::close(release());
}

Process Process::start(const ProcessOptions& options) {
  LATCHKEY_ASSERT(!options.arguments.empty());
  FileActions actions;
  actions.map(options.descriptors);
  if (!options.directory.empty()) actions.change_directory(options.directory);
  const auto arguments = pointers_to(options.arguments);
  const auto environment = pointers_to(options.environment);
  pid_t pid = -1;
  check(::posix_spawnp(&pid, arguments[0], actions.get(), Attributes().get(), arguments.data(),
                       environment.data()),
        arguments[0]);
  Process process(pid, Descriptor());
  process.pidfd_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (process.pidfd() < 0) check(errno, "pidfd_open");
  return process;
}

Process::~Process() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  static_cast<void>(wait());
}

void Process::signal_group(int signal) const noexcept {
  if (pid_ > 0) ::kill(-pid_, signal);
}

int Process::wait() noexcept {
  LATCHKEY_ASSERT(pid_ > 0);
  int status = 0;
  pid_t ended = -1;
  do {
    ended = ::waitpid(pid_, &status, 0);
  } while (ended < 0 && errno == EINTR);
  LATCHKEY_ASSERT(ended == pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

ProcessResult run_process(ProcessOptions options, std::chrono::seconds limit) {
  using std::chrono::milliseconds, std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + limit;
  auto [output, output_end] = make_pipe();
  auto [errors, errors_end] = make_pipe();
  options.descriptors.emplace_back(output_end.get(), STDOUT_FILENO);
  options.descriptors.emplace_back(errors_end.get(), STDERR_FILENO);
  Process process = Process::start(options);
  output_end.reset();
  errors_end.reset();

  ProcessResult result;
  bool ended = false;
  while (!ended || output.get() >= 0 || errors.get() >= 0) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left <= milliseconds::zero()) {
      process.signal_group(SIGKILL);
      break;
    }
    std::array<pollfd, 3> waiting{{{output.get(), POLLIN, 0},  // negative once closed: poll skips it
                                   {errors.get(), POLLIN, 0},
                                   {ended ? -1 : process.pidfd(), POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(),
               static_cast<int>(std::min(left, milliseconds(60'000)).count())) < 0) {
      if (errno != EINTR) check(errno, "poll");
      continue;
    }
    if (waiting[0].revents != 0) drain(output, result.output);
    if (waiting[1].revents != 0) drain(errors, result.errors);
    ended = ended || waiting[2].revents != 0;
  }
  result.code = process.wait();
  return result;
}

std::pair<Descriptor, Descriptor> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) check(errno, "pipe2");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace latchkey
