// Goal: the command line tells people what a server answered, whatever that is, and sends no credential
// readably over a network. Method: answers as values; no socket.
// SPDX-License-Identifier: Apache-2.0
#include "app/client.hpp"

#include <gmock/gmock.h>

#include "app/command.hpp"
#include "app/session.hpp"

namespace latchkey::app {
namespace {

struct Outcome {
  ExitCode code = ExitCode::done;
  std::string message;
};
Outcome outcome(int status, std::string body) {
  try {
    static_cast<void>(expect_done({status, {}, std::move(body)}, "https://a"));
    return {};
  } catch (const Failure& failure) {
    return {failure.code(), failure.what()};
  }
}

TEST(ExpectDone, tells_refused_from_signed_out_from_broken) {
  EXPECT_EQ(outcome(200, "{}").code, ExitCode::done);
  EXPECT_EQ(outcome(204, "").code, ExitCode::done);
  EXPECT_EQ(outcome(404, "{}").code, ExitCode::refused);
  EXPECT_EQ(outcome(403, "{}").code, ExitCode::refused);
  EXPECT_EQ(outcome(401, "{}").code, ExitCode::unreachable);
  EXPECT_EQ(outcome(302, "").code, ExitCode::unreachable);
  EXPECT_EQ(outcome(503, "{}").code, ExitCode::unreachable);
  EXPECT_EQ(outcome(200, "<html>").code, ExitCode::unreachable);
}

TEST(ExpectDone, gives_the_envelopes_message_and_else_the_status) {
  EXPECT_EQ(outcome(404, R"({"message":"There is no such project."})").message, "There is no such project.");
  EXPECT_EQ(outcome(404, R"({"message":7})").message, "the server answered 404");
  EXPECT_EQ(outcome(502, "<html>").message, "the server answered 502");
  EXPECT_THAT(outcome(401, "{}").message, testing::HasSubstr("latchkey login --server https://a"));
}

TEST(Client, speaks_plain_http_to_this_machine_alone) {
  EXPECT_THROW(Client("http://example.com"), Failure);
  EXPECT_THROW(Client("example.com"), Failure);
  EXPECT_THROW(Client("https://example.com/a b"), Failure);
  EXPECT_EQ(Client("https://example.com/tools/").server(), "https://example.com/tools");
  EXPECT_EQ(Client("http://LOCALHOST:8080/").server(), "http://localhost:8080");
  EXPECT_EQ(Client("http://[::1]:8080").server(), "http://[::1]:8080");
  EXPECT_EQ(Client("https://example.com:443").server(), "https://example.com");
}

}  // namespace
}  // namespace latchkey::app
