// The one process runner: a child in a process group of its own, with exactly the environment and descriptors that
// are named here. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey {

// An owned file descriptor.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

struct ProcessOptions {
  std::vector<std::string> arguments;    // [0] is looked up in PATH of this process; never a secret (P2)
  std::vector<std::string> environment;  // "NAME=value", the whole of it
  std::string directory;                 // empty: this process's
  std::vector<std::pair<int, int>> descriptors;  // (ours, the child's number); all others are closed on exec
};

// A running child. Its destructor kills the group at once and reaps the child: end it properly before.
class Process {
 public:
  // Throws std::system_error if it can't be started.
  [[nodiscard]] static Process start(const ProcessOptions& options);
  Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}
  Process& operator=(Process&& other) = delete;
  ~Process();

  // Readable once the child has ended.
  [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void signal_group(int signal) const noexcept;
  // Waits for the child's end and reaps it: its exit code, or 128 + the signal that ended it.
  [[nodiscard]] int wait() noexcept;

 private:
  Process(pid_t pid, Descriptor pidfd) noexcept : pid_(pid), pidfd_(std::move(pidfd)) {}
  pid_t pid_ = -1;
  Descriptor pidfd_;
};

struct ProcessResult {
  int code = 0;
  std::string output, errors;  // each cut at 1 MiB
};
// Runs to the end, with no input; killed after `limit`. Blocking: pool threads and the command line only.
[[nodiscard]] ProcessResult run_process(ProcessOptions options, std::chrono::seconds limit);

// Two ends of a pipe, both closed on exec: (read, write).
[[nodiscard]] std::pair<Descriptor, Descriptor> make_pipe();

}  // namespace latchkey
