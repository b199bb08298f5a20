// Goal: a child has exactly what it was given, its end is told truly, and nothing of it outlives its
// owner. Method: small children of the system's own programs that report what they see; pipes whose end
// of file shows that the last process of a group is gone.
// SPDX-License-Identifier: Apache-2.0
#include "base/process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <system_error>

namespace latchkey {
namespace {

using namespace std::chrono_literals;

ProcessOptions shell(const std::string& script) {
  return {.arguments = {"sh", "-c", script},
          .environment = {"PATH=/usr/bin:/bin"},
          .directory = {},
          .descriptors = {}};
}

std::string read_to_end(const Descriptor& from) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string path_of(int number) { return "/proc/self/fd/" + std::to_string(number); }

TEST(RunProcess, gives_code_output_and_errors) {
  const auto result = run_process(shell("echo out; echo err >&2; exit 7"), 60s);
  EXPECT_EQ(result.code, 7);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
}

TEST(RunProcess, tells_a_signal_as_128_and_its_number) {
  EXPECT_EQ(run_process(shell("kill -9 $$"), 60s).code, 137);
  EXPECT_EQ(run_process(shell("kill -15 $$"), 60s).code, 143);
}

TEST(RunProcess, gives_no_input) {
  auto options = shell("");
  options.arguments = {"cat"};
  const auto result = run_process(options, 60s);
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.output, "");
}

TEST(RunProcess, cuts_each_output_at_one_mebibyte_and_lets_the_child_finish) {
  const auto result =
      run_process(shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 3"), 60s);
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.output.size(), 1u << 20);
  EXPECT_EQ(result.errors.size(), 1u << 20);
}

TEST(RunProcess, kills_the_whole_group_at_the_limit) {
  auto [input, input_end] = make_pipe();
  auto options = shell("cat <&9 & cat <&9");  // neither ever reaches an end
  options.descriptors = {{input.get(), 9}};
  const auto result = run_process(options, 1s);
  EXPECT_EQ(result.code, 137);
  input.reset();
  // Nobody reads any more, or will within the time that the kernel takes to end the second of the two.
  pollfd gone{input_end.get(), 0, 0};
  EXPECT_EQ(::poll(&gone, 1, 60'000), 1);
  EXPECT_TRUE(gone.revents & POLLERR);
}

TEST(RunProcess, does_not_wait_for_the_limit_when_all_has_ended) {
  EXPECT_EQ(run_process(shell("exec >&- 2>&-; exit 4"), std::chrono::hours(24)).code, 4);
}

TEST(Process, has_exactly_the_environment_that_is_named) {
  ASSERT_EQ(::setenv("LATCHKEY_TEST_LEAK", "1", 1), 0);
  auto options = shell("");
  options.arguments = {"env"};
  options.environment = {"A=1", "B=two words", "EMPTY="};
  EXPECT_EQ(run_process(options, 60s).output, "A=1\nB=two words\nEMPTY=\n");
}

TEST(Process, has_exactly_the_descriptors_that_are_named) {
  std::array<int, 2> leaking{};
  ASSERT_EQ(::pipe2(leaking.data(), 0), 0);  // not closed on exec: a library's, say
  auto options = shell("");
  options.arguments = {"ls", "/proc/self/fd"};
  EXPECT_EQ(run_process(options, 60s).output, "0\n1\n2\n3\n");  // 3 is ls reading the folder
  options.descriptors = {{leaking[0], 7}};
  EXPECT_EQ(run_process(options, 60s).output, "0\n1\n2\n3\n7\n");
  ::close(leaking[0]);
  ::close(leaking[1]);
}

TEST(Process, has_its_descriptors_in_place_when_numbers_overlap) {
  auto [first, first_end] = make_pipe();
  auto [second, second_end] = make_pipe();
  const int a = first_end.get(), b = second_end.get();
  auto options = shell("echo to-a > " + path_of(a) + "; echo to-b > " + path_of(b));
  options.descriptors = {{a, b}, {b, a}, {a, 1}};
  Process process = Process::start(options);
  first_end.reset();
  second_end.reset();
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(read_to_end(first), "to-b\n");
  EXPECT_EQ(read_to_end(second), "to-a\n");
}

TEST(Process, keeps_a_descriptor_that_has_the_right_number_already) {
  auto [read_end, write_end] = make_pipe();
  auto options = shell("echo same > " + path_of(write_end.get()));
  options.descriptors = {{write_end.get(), write_end.get()}};
  Process process = Process::start(options);
  write_end.reset();
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(read_to_end(read_end), "same\n");
}

TEST(Process, has_no_signal_blocked_or_ignored) {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked{}, before{};
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &blocked, &before), 0);
  auto options = shell("");
  options.arguments = {"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"};
  // One bit a signal, from 1. 32 and 33 are glibc's own: its posix_spawn has them ignored.
  EXPECT_THAT(run_process(options, 60s).output,
              testing::MatchesRegex("SigBlk:\t0+\nSigIgn:\t0+1?[08]0000000\n"));
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
}

TEST(Process, runs_in_the_directory_that_is_named) {
  auto options = shell("pwd");
  options.directory = "/usr";
  EXPECT_EQ(run_process(options, 60s).output, "/usr\n");
}

TEST(Process, that_can_not_start_throws_why) {
  for (const auto* program : {"latchkey-no-such-program", "/latchkey/no/such/program"}) {
    auto options = shell("");
    options.arguments = {program};
    try {
      static_cast<void>(Process::start(options));
      ADD_FAILURE() << program;
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
      EXPECT_TRUE(std::string(error.what()).contains(program));
    }
  }
  auto options = shell("");
  options.directory = "/latchkey/no/such/directory";
  EXPECT_THROW(static_cast<void>(Process::start(options)), std::system_error);
  options.directory.clear();
  options.descriptors = {{-1, 0}};
  EXPECT_THROW(static_cast<void>(Process::start(options)), std::system_error);
}

TEST(Process, makes_its_pidfd_readable_at_its_end) {
  Process process = Process::start(shell("exit 5"));
  pollfd ended{process.pidfd(), POLLIN, 0};
  EXPECT_EQ(::poll(&ended, 1, 60'000), 1);
  EXPECT_EQ(process.wait(), 5);
}

TEST(Process, signals_its_group_and_not_this_process) {
  auto [input, input_end] = make_pipe();
  auto options = shell("exec cat <&9");
  options.descriptors = {{input.get(), 9}};
  Process process = Process::start(options);
  process.signal_group(SIGTERM);
  EXPECT_EQ(process.wait(), 128 + SIGTERM);
}

TEST(Process, takes_its_whole_group_along_when_it_goes) {
  auto [input, input_end] = make_pipe();
  auto [alive, alive_end] = make_pipe();
  pid_t pid = -1;
  {
    auto options = shell("(echo up >&8; exec cat <&9) & wait");
    options.descriptors = {{alive_end.get(), 8}, {input.get(), 9}};
    Process process = Process::start(options);
    alive_end.reset();
    pid = process.pid();
    std::array<char, 3> up{};
    ASSERT_EQ(::read(alive.get(), up.data(), up.size()), 3);  // the grandchild runs
    Process moved(std::move(process));
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(read_to_end(alive), "");  // returns when the grandchild, too, is gone
  EXPECT_EQ(::kill(pid, 0), -1) << "not reaped";
}

TEST(Descriptor, closes_what_it_owned_when_it_goes_or_is_assigned) {
  auto [read_end, write_end] = make_pipe();
  EXPECT_TRUE(::fcntl(read_end.get(), F_GETFD) & FD_CLOEXEC);
  EXPECT_TRUE(::fcntl(write_end.get(), F_GETFD) & FD_CLOEXEC);
  Descriptor moved(std::move(write_end));
  EXPECT_EQ(write_end.get(), -1);
  moved = Descriptor();
  EXPECT_EQ(read_to_end(read_end), "");
}

}  // namespace
}  // namespace latchkey
