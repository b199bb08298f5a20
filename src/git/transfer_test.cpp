// Goal: whatever a stranger sends, the answer is a 4xx and no ref moves; whenever a client goes away, its
// processes end and leave nothing behind; and processes are bounded. Method: raw sockets against a real
// server, and conditions that are waited for: files in the repository, processes in /proc.
// SPDX-License-Identifier: Apache-2.0
#include "git/transfer.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <latch>

#include "authority/directory.hpp"

#include "git/testing.hpp"

namespace latchkey::git {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

class TransferTest : public GitServerTest {
 protected:
  // A push whose pack has half arrived: Git is at work on it.
  std::pair<Wire, std::string> half_a_push() {
    const auto body = push_body();
    Wire wire(server_->port());
    wire.send(post_head("git-receive-pack", body.size()));
    wire.send(std::string_view(body).substr(0, body.size() / 2));
    EXPECT_TRUE(comes_true([&] { return has_remnants(); }));
    return {std::move(wire), body.substr(body.size() / 2)};
  }
};

std::string gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST_F(TransferTest, answers_garbage_with_4xx) {
  start();
  make_work();
  must({"push", "--quiet", "origin", "main"});
  const auto before = refs();
  const auto zeros = std::string(40, '0');
  for (const auto& body :
       {""s, "garbage that is no packet line"s, "0001"s, "ffff"s, "fff0x"s, "0000garbage"s,
        line("want " + zeros + "\n"), line("want x\n") + "0000", line("command=none") + "0000", line(zeros),
        std::string(100'000, '\0'), noise(1 << 20),
        line(zeros + " " + zeros + " refs/heads/main\0report-status"s), line("x\0side-band-64k"s) + "0000"}) {
    const auto fetched = status(post("git-upload-pack", body));
    EXPECT_TRUE(fetched / 100 == 4 || fetched == 200) << fetched << " " << body.substr(0, 40);
    const auto pushed = status(post("git-receive-pack", body));
    EXPECT_TRUE(pushed / 100 == 4 || pushed == 200) << pushed << " " << body.substr(0, 40);
  }
  for (const auto& body : {"garbage that is no packet line"s, noise(1 << 20), ""s, "0001"s, "ffff"s}) {
    EXPECT_EQ(status(post("git-receive-pack", body)), 400) << body.substr(0, 40);
  }
  for (const auto& body : {"garbage that is no packet line"s, noise(1 << 20), line("want x\n") + "0000"}) {
    EXPECT_EQ(status(post("git-upload-pack", body)), 400) << body.substr(0, 40);
  }
  EXPECT_EQ(refs(), before);
  EXPECT_TRUE(comes_true([&] { return !has_processes(); }));
  EXPECT_FALSE(has_remnants());
}

TEST_F(TransferTest, answers_a_truncated_pack_on_the_band_and_moves_nothing) {
  start();
  make_work();
  const auto body = push_body();
  const auto answer = post("git-receive-pack", std::string_view(body).substr(0, body.size() - 10));
  EXPECT_EQ(status(answer), 200);
  EXPECT_THAT(answer, HasSubstr("unpack "));
  EXPECT_THAT(answer, HasSubstr("ng refs/heads/main"));
  EXPECT_EQ(refs(), "");
  EXPECT_FALSE(has_remnants());
}

TEST_F(TransferTest, bounds_compressed_bodies) {
  start();
  const auto bomb = gzip(std::string(Body::lines_max + 1, '0'));
  EXPECT_EQ(status(post("git-upload-pack", bomb, "Content-Encoding: gzip\r\n")), 413);
  EXPECT_EQ(status(post("git-upload-pack", "garbage", "Content-Encoding: gzip\r\n")), 400);
  EXPECT_EQ(status(post("git-upload-pack", gzip("0000"), "Content-Encoding: deflate\r\n")), 415);
  EXPECT_EQ(status(post("git-receive-pack", gzip("0000"), "Content-Encoding: gzip\r\n")), 415);
  EXPECT_EQ(status(post("git-upload-pack", gzip("0000"), "Content-Encoding: gzip\r\n")), 200);
}

TEST_F(TransferTest, stops_endless_packet_lines) {
  start();
  const Wire wire(server_->port());
  wire.send(
      "POST /house/git-receive-pack HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
      "Content-Type: application/x-git-receive-pack-request\r\n\r\n");
  const auto zeros = std::string(40, '0'), name = std::string(65000 - 82, 'x');
  const auto some = "fdec\r\n" + line(zeros + " " + zeros + " " + name) + "\r\n";  // one command, one chunk
  std::size_t sent = 0;
  while (!wire.answered() && wire.send(some)) ASSERT_LT(sent += some.size(), 64 * Body::lines_max);
  std::array<char, 12> answer{};
  EXPECT_EQ(status({answer.data(), wire.read(answer)}), 413);
  EXPECT_TRUE(comes_true([&] { return !has_processes(); }));
}

TEST_F(TransferTest, wants_the_right_method_type_and_service) {
  start();
  const auto answer = [&](const std::string& request) {
    const Wire wire(server_->port());
    wire.send(request + "Host: x\r\nConnection: close\r\n\r\n");
    return status(wire.read_all());
  };
  EXPECT_EQ(answer("GET /house/info/refs?service=git-upload-pack HTTP/1.1\r\n"), 200);
  EXPECT_EQ(answer("HEAD /house/info/refs?service=git-upload-pack HTTP/1.1\r\n"), 200);
  EXPECT_EQ(answer("GET /house/info/refs?service=git-upload-pack&service=git-receive-pack HTTP/1.1\r\n"),
            400);
  EXPECT_EQ(answer("GET /house/info/refs HTTP/1.1\r\n"), 400);
  EXPECT_EQ(answer("GET /house/git-upload-pack HTTP/1.1\r\n"), 405);
  EXPECT_EQ(answer("POST /house/info/refs?service=git-upload-pack HTTP/1.1\r\nContent-Length: 0\r\n"), 405);
  EXPECT_EQ(
      answer("POST /house/git-receive-pack HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"),
      415);
}

TEST_F(TransferTest, takes_no_push_from_who_may_only_read) {
  start();
  make_work();
  user_ = world_.ben;
  EXPECT_EQ(status(post("git-receive-pack", push_body())), 403);
  EXPECT_FALSE(fs::exists(directory() / "refs/heads/main"));
}

TEST_F(TransferTest, moves_no_ref_for_who_lost_the_right_during_the_push) {
  start();
  make_work();
  auto [wire, rest] = half_a_push();
  authority::set_member(world_.authority(), authority::World::signed_in(world_.admin), world_.organization,
                        user_, Role::reader);
  wire.send(rest);
  EXPECT_THAT(wire.read_all(), HasSubstr("Nothing was changed: "));
  EXPECT_EQ(refs(), "");
  EXPECT_FALSE(has_remnants());
}

TEST_F(TransferTest, leaves_nothing_behind_when_the_client_goes_during_the_pack) {
  start();
  make_work();
  commit("big", noise(500'000));
  {
    auto [wire, rest] = half_a_push();
    EXPECT_TRUE(has_processes());
    wire.close();
  }
  EXPECT_TRUE(comes_true([&] { return !has_processes() && !has_remnants(); }));
  EXPECT_EQ(refs(), "");
  must({"push", "--quiet", "origin", "main"});
}

TEST_F(TransferTest, leaves_no_lock_behind_when_the_client_goes_while_refs_wait) {
  start();
  make_work();
  auto [wire, rest] = half_a_push();
  const auto release = std::make_shared<std::latch>(1);
  for (int thread = 0; thread < 2; ++thread)
    ASSERT_TRUE(pool_.try_run([release]() noexcept { release->wait(); }));
  wire.send(rest);
  const auto lock = directory() / "refs/heads/main.lock";
  EXPECT_TRUE(comes_true([&] { return fs::exists(lock); }));
  wire.close();
  EXPECT_TRUE(comes_true([&] { return !has_processes() && !has_remnants(); }));
  release->count_down();
  EXPECT_EQ(refs(), "");
  must({"push", "--quiet", "origin", "main"});
}

TEST_F(TransferTest, leaves_nothing_behind_when_the_client_goes_during_a_clone) {
  start();
  make_work();
  commit("big", noise(16 << 20));  // more than the buffers on the way
  must({"push", "--quiet", "origin", "main"});
  const auto body = line("want " + tip() + " ofs-delta\n") + "0000" + line("done\n");
  {
    Wire wire(server_->port());
    wire.send(post_head("git-upload-pack", body.size()) + body);
    EXPECT_TRUE(comes_true([&] { return has_processes(); }));
    wire.close();
  }
  EXPECT_TRUE(comes_true([&] { return !has_processes(); }));
}

TEST_F(TransferTest, tells_a_push_that_takes_too_long) {
  start({.data = {}, .exchange_limit = std::chrono::seconds(1)});
  make_work();
  const auto [wire, rest] = half_a_push();
  for (std::size_t sent = 0; !wire.answered(std::chrono::milliseconds(20)); ++sent) {
    ASSERT_LT(sent, rest.size());
    wire.send(rest.substr(sent, 1));
  }
  std::array<char, 12> answer{};
  EXPECT_EQ(status({answer.data(), wire.read(answer)}), 503);
  EXPECT_TRUE(comes_true([&] { return !has_processes() && !has_remnants(); }));
  EXPECT_EQ(refs(), "");
}

TEST_F(TransferTest, does_not_wait_for_one_that_takes_too_long_and_says_nothing) {
  start({.data = {}, .exchange_limit = std::chrono::seconds(1)});
  make_work();
  const auto [wire, rest] = half_a_push();
  EXPECT_TRUE(wire.answered(std::chrono::seconds(30)));  // its end: the bound of a silent body is a minute
  EXPECT_EQ(wire.read_all(), "");
  EXPECT_TRUE(comes_true([&] { return !has_processes() && !has_remnants(); }));
  EXPECT_EQ(refs(), "");
}

TEST_F(TransferTest, ends_its_processes_when_the_server_stops) {
  start();
  make_work();
  auto [wire, rest] = half_a_push();
  server_->drain(std::chrono::seconds(0));
  EXPECT_FALSE(has_processes());
  EXPECT_FALSE(has_remnants());
  EXPECT_EQ(refs(), "");
}

TEST_F(TransferTest, bounds_the_processes_of_a_user) {
  start({.data = {}, .processes_user_max = 1});
  make_work();
  auto [wire, rest] = half_a_push();
  const auto ran = git({"ls-remote", url()});
  EXPECT_THAT(ran.text, HasSubstr("Too many Git operations run at once"));
  EXPECT_THAT(ran.text, HasSubstr("error: 503"));
  user_ = world_.admin;
  must({"ls-remote", url()});
  user_ = world_.ann;
  wire.send(rest);
  EXPECT_EQ(status(wire.read_all()), 200);
  must({"ls-remote", url()});
}

}  // namespace
}  // namespace latchkey::git
