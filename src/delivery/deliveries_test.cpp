// Goal: each stream gets its own events, all, in order, and again whatever was not taken; a crash between
// sending and writing sends again; one that stands still holds up no other; the file has whole lines. Method:
// receivers of the test's own that fail when they should; the real thread for the last.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>

#include "authority/testing.hpp"
#include "base/log.hpp"
#include "delivery/delivery.hpp"

namespace latchkey::delivery {
namespace {

using authority::World;

class Delivery : public testing::Test {
 protected:
  Delivery() {
    set_log_level(LogLevel::error);
    world.authority().settings.outgoing.stream_directory = world.directory.path();
  }
  store::StreamId stream(const authority::Place& organization,
                         store::Consumer consumer = store::Consumer::webhook,
                         std::string file = "audit.jsonl") {
    authority::StreamRequest request{.consumer = consumer};
    if (consumer == store::Consumer::file)
      request.inputs = {{"File", std::move(file)}};
    else if (consumer == store::Consumer::syslog)
      request.inputs = {{"Host", "log.example.com"}};
    else
      request.inputs = {{"Url", "https://siem.example.com/"}, {"Secret", "k"}};
    return create_stream(world.authority(), world.signed_in(world.admin), organization, request,
                         std::chrono::days(7))
        .stream.id;
  }
  void take(const Batch& batch) {
    EXPECT_FALSE(batch.events.empty());
    EXPECT_EQ(batch.events.size(), batch.times.size());
    for (const auto& event : batch.events) taken.push_back(event.at("Position").as_int64());
    EXPECT_EQ(batch.head.position, taken.back());
    head = batch.head;
  }
  bool deliver_now(const store::StreamId& id) {
    return deliver(world.authority(), id,
                   [this](const Batch& batch, const authority::Outgoing&) { take(batch); });
  }
  bool fail_now(const store::StreamId& id) {
    return deliver(world.authority(), id, [](const Batch&, const authority::Outgoing&) {
      throw Undelivered("the receiver is down");
    });
  }
  void deliver_all(const store::StreamId& id) {
    while (deliver_now(id)) {
    }
  }
  store::StreamProgress progress(const store::StreamId& id) {
    return world.look(
        [&](store::Transaction& transaction) { return store::find_stream(transaction, id)->progress; });
  }
  std::vector<std::int64_t> positions(bool (*is_for)(const store::AuditEvent&)) {
    std::vector<std::int64_t> all;
    for (const auto& event : world.audit())
      if (is_for(event)) all.push_back(event.position);
    return all;
  }
  std::string content(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator(file), {}};
  }

  World world;
  std::vector<std::int64_t> taken;
  store::AuditHead head;
};

TEST_F(Delivery, gives_each_stream_its_own_events_in_order) {
  const auto of_organization = stream(world.organization), of_server = stream({});
  for (int i = 0; i < 450; ++i) static_cast<void>(world.issue(world.ann));
  deliver_all(of_organization);
  EXPECT_EQ(taken, positions([](const auto& event) { return event.organization.has_value(); }));
  taken.clear();
  deliver_all(of_server);
  EXPECT_EQ(taken, positions([](const auto&) { return true; }));
  EXPECT_TRUE(head.digest == world.audit().back().digest);
  EXPECT_EQ(progress(of_server).position, world.audit().back().position);
  EXPECT_TRUE(progress(of_server).delivered_at);
  taken.clear();
  EXPECT_FALSE(deliver_now(of_server));
  EXPECT_TRUE(taken.empty());
}

TEST_F(Delivery, sends_again_what_was_not_taken_and_waits_meanwhile) {
  const auto id = stream(world.organization);
  static_cast<void>(world.issue(world.ann));
  EXPECT_FALSE(fail_now(id));
  EXPECT_EQ(progress(id).failures, 1);
  EXPECT_EQ(progress(id).last_error, "the receiver is down");
  EXPECT_FALSE(deliver_now(id));  // not yet its time
  world.advance(std::chrono::seconds(1));
  deliver_all(id);
  EXPECT_EQ(taken, positions([](const auto& event) { return event.organization.has_value(); }));
  EXPECT_EQ(progress(id).failures, 0);
  EXPECT_EQ(progress(id).last_error, "");
}

TEST_F(Delivery, sends_again_what_nobody_wrote_down) {
  const auto id = stream(world.organization);
  static_cast<void>(world.issue(world.ann));
  const auto then_break = [&](const Batch& batch, const authority::Outgoing&) {
    take(batch);
    world.node->store.fail({.nth = 1, .from_then_on = true, .kind = store::ErrorKind::unavailable});
  };
  EXPECT_ANY_THROW(deliver(world.authority(), id, then_break));
  world.node->store.fail({});
  const auto once = taken;
  EXPECT_FALSE(once.empty());
  world.restart();
  deliver_all(id);
  auto twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_EQ(taken, twice);
}

TEST_F(Delivery, goes_a_batch_back_where_the_receiver_acknowledges_nothing) {
  const auto id = stream(world.organization, store::Consumer::syslog);
  EXPECT_TRUE(deliver_now(id));
  const auto first = taken;
  static_cast<void>(world.issue(world.ann));
  EXPECT_FALSE(fail_now(id));
  world.advance(std::chrono::seconds(1));
  taken.clear();
  deliver_all(id);
  EXPECT_EQ(taken, positions([](const auto& event) { return event.organization.has_value(); }));
  EXPECT_EQ(taken.front(), first.front());
}

TEST_F(Delivery, does_not_overwrite_what_an_administrator_did_meanwhile) {
  const auto id = stream(world.organization);
  const auto disable = [&](const Batch&, const authority::Outgoing&) {
    static_cast<void>(
        set_stream_enabled(world.authority(), world.signed_in(world.admin), world.organization, id, false));
  };
  deliver(world.authority(), id, disable);
  EXPECT_EQ(progress(id).position, 0);
  EXPECT_FALSE(deliver_now(id));
  EXPECT_TRUE(taken.empty());
}

TEST_F(Delivery, stops_at_a_secret_of_another_key) {
  const auto id = stream(world.organization);
  std::ofstream(world.directory.path() / "stream-key") << std::string(32, 'x');
  world.restart();
  EXPECT_FALSE(deliver_now(id));
  EXPECT_TRUE(taken.empty());
  EXPECT_TRUE(progress(id).last_error.contains("stream-key")) << progress(id).last_error;
}

TEST_F(Delivery, writes_whole_lines_to_a_file) {
  const auto id = stream(world.organization, store::Consumer::file);
  const auto path = world.directory.path() / (world.organization.text() + "-audit.jsonl");
  std::ofstream(path) << "{\"Position\":0}\n{\"half";  // a crash's
  deliver(world.authority(), id, sender_of(store::Consumer::file));
  static_cast<void>(world.issue(world.ann));
  deliver(world.authority(), id, sender_of(store::Consumer::file));
  std::vector<std::int64_t> written;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    written.push_back(boost::json::parse(line).at("Position").as_int64());
  EXPECT_EQ(written, (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_TRUE(content(path).ends_with('\n'));
  std::filesystem::remove(path);
  std::filesystem::create_symlink("/dev/null", path);
  static_cast<void>(world.issue(world.ann));
  EXPECT_FALSE(deliver(world.authority(), id, sender_of(store::Consumer::file)));
}

// The thread finds what is due by itself.
TEST_F(Delivery, is_done_in_the_background) {
  static_cast<void>(stream(world.organization, store::Consumer::file));
  const auto path = world.directory.path() / (world.organization.text() + "-audit.jsonl");
  const Deliveries deliveries(world.authority());
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!content(path).ends_with('\n') && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  EXPECT_TRUE(content(path).contains("AuditLog.StreamCreated"));
}

// What an organization's administrator names is connected to only where the file allows it.
TEST(OutgoingRequest, opens_no_socket_into_a_private_network) {
  Batch batch{.stream = "s",
              .inputs = {{"Url", "https://localhost:1/"}, {"Host", "127.0.0.1"}, {"Port", "1"}},
              .secret = Secret("k"),
              .scope = "server",
              .events = {boost::json::object{{"ActionId", "A.B"}}},
              .times = {Time{}},
              .head = {}};
  const auto error_of = [&](const Send& send, const authority::Outgoing& outgoing) {
    try {
      send(batch, outgoing);
    } catch (const Undelivered& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_TRUE(error_of(send_to_webhook, {}).contains("private network")) << error_of(send_to_webhook, {});
  EXPECT_TRUE(error_of(send_to_syslog, {}).contains("private network"));
  const authority::Outgoing local{
      .allowed_networks = {*Network::parse("127.0.0.0/8"), *Network::parse("::1")}};
  EXPECT_FALSE(error_of(send_to_webhook, local).contains("private network"));
  batch.inputs["Url"] = "http://localhost:1/";
  EXPECT_TRUE(error_of(send_to_webhook, local).contains("allow http")) << error_of(send_to_webhook, local);
}

}  // namespace
}  // namespace latchkey::delivery
