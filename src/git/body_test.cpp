// Goal: whatever strangers send as a body, what reaches Git is bounded, and broken framing is found before
// Git runs over it. Method: bodies are fed whole and byte by byte; both must come to the same end.
// SPDX-License-Identifier: Apache-2.0
#include "git/body.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace latchkey::git {
namespace {

using namespace std::string_literals;

constexpr std::uint64_t pack_max = 1000;

std::string line(std::string_view text) {
  std::array<char, 5> length{};
  std::snprintf(length.data(), length.size(), "%04zx", text.size() + 4);
  return length.data() + std::string(text);
}

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

// What Git gets of a body, or the fault; a body that is cut off is a fault too.
std::expected<std::string, BodyFault> through(Body body, std::string_view bytes, std::size_t step) {
  std::string passed;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    const auto some = body.feed(bytes.substr(0, step));
    if (!some) return std::unexpected(some.error());
    passed += *some;
  }
  if (!body.whole()) return std::unexpected(BodyFault::malformed);
  return passed;
}

std::expected<std::string, BodyFault> pushed(std::string_view bytes) {
  const auto whole = through(Body(Service::receive_pack, false, pack_max), bytes, bytes.size() + 1);
  EXPECT_EQ(whole, through(Body(Service::receive_pack, false, pack_max), bytes, 1));
  return whole;
}

std::expected<std::string, BodyFault> fetched(std::string_view bytes, bool compressed) {
  return through(Body(Service::upload_pack, compressed, 0), bytes, 16384);
}

TEST(Body, passes_a_push_on_as_it_is) {
  const auto push = line("old new refs/heads/main\0report-status side-band-64k"s) +
                    line("old new refs/heads/x") + "0000PACK" + std::string(pack_max - 4, '\xff');
  EXPECT_EQ(pushed(push), push);
  EXPECT_EQ(pushed("0000"), "0000");
}

TEST(Body, refuses_a_push_whose_lines_have_no_length) {
  for (const auto* bytes : {"garbage", "0001", "0002", "0003", "-001", "fff1", "ffff", "00g0", "\n\n\n\n"}) {
    EXPECT_EQ(pushed(bytes), std::unexpected(BodyFault::malformed)) << bytes;
  }
}

TEST(Body, refuses_a_push_that_is_cut_off_before_its_pack) {
  const auto command = line("old new refs/heads/main");
  for (std::size_t size = 0; size <= command.size(); ++size) {
    EXPECT_EQ(pushed(command.substr(0, size)), std::unexpected(BodyFault::malformed)) << size;
  }
}

TEST(Body, refuses_commands_without_an_end) {
  Body body(Service::receive_pack, false, std::uint64_t{1} << 40);
  const auto some = line(std::string(65000, 'x'));
  std::size_t sent = 0;
  while (body.feed(some)) ASSERT_LE(sent += some.size(), Body::lines_max);
  EXPECT_GT(sent, Body::lines_max - 2 * some.size());
}

TEST(Body, bounds_a_pack) {
  Body body(Service::receive_pack, false, pack_max);
  ASSERT_TRUE(body.feed("0000"));
  EXPECT_EQ(body.feed(std::string(Body::lines_max + pack_max, 'x')).error(), BodyFault::too_large);
}

TEST(Body, knows_whether_the_client_reads_messages) {
  const auto side_band = [](const std::string& push) {
    Body body(Service::receive_pack, false, pack_max);
    EXPECT_TRUE(body.feed(push));
    return body.side_band();
  };
  EXPECT_TRUE(
      side_band(line("shallow 00") + line("o n refs/heads/main\0 report-status side-band-64k agent=x"s)));
  EXPECT_FALSE(
      side_band(line("o n refs/heads/main\0 report-status"s) + line("o n refs/heads/side-band-64k")));
  EXPECT_FALSE(side_band(line("o n refs/heads/side-band-64k")));
}

TEST(Body, inflates_a_fetch) {
  const auto fetch = line("want 0123456789") + "0000" + line("done");
  EXPECT_EQ(fetched(gzip(fetch), true), fetch);
  EXPECT_EQ(through(Body(Service::upload_pack, true, 0), gzip(fetch), 1), fetch);
  EXPECT_EQ(fetched(fetch, false), fetch);
}

TEST(Body, refuses_broken_compression) {
  const auto good = gzip(line("want 0123456789"));
  for (const auto& bytes : {"0000"s, good.substr(0, good.size() - 1), good + "x", good + good, ""s}) {
    EXPECT_EQ(fetched(bytes, true), std::unexpected(BodyFault::malformed));
  }
}

TEST(Body, bounds_what_a_fetch_inflates_to) {
  const std::string most(Body::lines_max, '0');
  EXPECT_EQ(fetched(gzip(most), true), most);
  EXPECT_EQ(fetched(gzip(most + "0"), true), std::unexpected(BodyFault::too_large));
  EXPECT_EQ(fetched(most + "0", false), std::unexpected(BodyFault::too_large));
}

TEST(Inflater, keeps_little_of_a_bomb) {
  const auto bomb = gzip(std::string(std::size_t{64} << 20, '0'));
  Inflater inflater;
  std::string inflated;
  EXPECT_TRUE(inflater.feed(bomb, inflated, 1000));
  EXPECT_LE(inflated.size(), 1000u + 65536u);
}

}  // namespace
}  // namespace latchkey::git
