// Goal: streams are made, changed and ended by who may; their inputs are checked, their secrets sealed and
// never sent somewhere new. Method: a world, and requests that break one rule each.
// SPDX-License-Identifier: Apache-2.0
#include "authority/streams.hpp"

#include <gtest/gtest.h>

#include "authority/notices.hpp"
#include "authority/testing.hpp"
#include "store/notices.hpp"

namespace latchkey::authority {
namespace {

constexpr std::string_view url = "https://siem.example.com/hook";

class Streams : public testing::Test {
 protected:
  static StreamRequest webhook(std::string to = std::string(url), std::string secret = "s3cret") {
    return {.consumer = store::Consumer::webhook,
            .name = "SIEM",
            .inputs = {{"Url", std::move(to)}, {"Secret", std::move(secret)}}};
  }
  StreamShown create(const StreamRequest& request, std::chrono::days backfill = std::chrono::days(0)) {
    return create_stream(world.authority(), admin, world.organization, request, backfill);
  }
  // The field that is refused.
  std::string refused(const StreamRequest& request) {
    try {
      static_cast<void>(create(request));
    } catch (const Refusal& refusal) {
      return refusal.field();
    }
    return "(nothing)";
  }
  std::optional<RefusalCode> try_create(const UserId& user, const Place& organization) {
    return refusal_of([&] {
      return create_stream(world.authority(), world.signed_in(user), organization, webhook(),
                           std::chrono::days(0));
    });
  }
  store::AuditStream kept(const store::StreamId& id) {
    return world.look([&](store::Transaction& transaction) { return *store::find_stream(transaction, id); });
  }

  World world;
  Actor admin = world.signed_in(world.admin);
};

TEST_F(Streams, are_for_administrators) {
  const auto chief = world.add_user("chief@example.com", Role::administrator);
  EXPECT_EQ(try_create(chief, world.organization), std::nullopt);
  EXPECT_EQ(try_create(chief, {}), RefusalCode::forbidden);
  EXPECT_EQ(try_create(world.ann, world.organization), RefusalCode::forbidden);
  EXPECT_EQ(try_create(world.admin, {}), std::nullopt);
  EXPECT_EQ(list_streams(world.authority(), admin, world.organization).size(), 1U);
  const auto of_server = list_streams(world.authority(), admin, {});
  ASSERT_EQ(of_server.size(), 1U);
  EXPECT_EQ(refusal_of([&] {
              return show_stream(world.authority(), admin, world.organization, of_server[0].stream.id);
            }),
            RefusalCode::not_found);
}

TEST_F(Streams, take_only_inputs_that_they_know_and_places_that_are_allowed) {
  const auto with = [](store::Consumer consumer, StreamInputs inputs) {
    return StreamRequest{.consumer = consumer, .inputs = std::move(inputs)};
  };
  using store::Consumer;
  EXPECT_EQ(refused(webhook("http://siem.example.com/")), "consumerInputs.Url");
  EXPECT_EQ(refused(webhook("https://10.0.0.1/")), "consumerInputs.Url");
  EXPECT_EQ(refused(webhook("https://[::1]/")), "consumerInputs.Url");
  EXPECT_EQ(refused(webhook("https://LocalHost/")), "consumerInputs.Url");
  EXPECT_EQ(refused(webhook("nonsense")), "consumerInputs.Url");
  EXPECT_EQ(refused(webhook(std::string(url), "********")), "consumerInputs.Secret");
  EXPECT_EQ(refused(webhook(std::string(url), "two\nlines")), "consumerInputs.Secret");
  EXPECT_EQ(refused(with(Consumer::webhook, {{"Url", std::string(url)}})), "consumerInputs.Secret");
  EXPECT_EQ(refused(with(Consumer::splunk, {{"Url", "x"}})), "consumerInputs.Url");
  EXPECT_EQ(refused(with(Consumer::splunk, {{"SplunkEventCollectorToken", "x"}})),
            "consumerInputs.SplunkUrl");
  EXPECT_EQ(refused(with(Consumer::syslog, {{"Host", "a b"}})), "consumerInputs.Host");
  EXPECT_EQ(refused(with(Consumer::syslog, {{"Host", "192.168.0.1"}})), "consumerInputs.Host");
  EXPECT_EQ(refused(with(Consumer::syslog, {{"Host", "log.example.com"}, {"Port", "0"}})),
            "consumerInputs.Port");
  EXPECT_EQ(refused(with(Consumer::syslog, {{"Host", "log.example.com"}, {"Port", "1e3"}})),
            "consumerInputs.Port");
  EXPECT_EQ(refused(with(Consumer::file, {{"File", "audit.jsonl"}})), "consumerInputs.File");
  world.authority().settings.outgoing = {.allowed_networks = {*Network::parse("10.0.0.0/8")},
                                         .allow_http = true,
                                         .stream_directory = world.directory.path()};
  EXPECT_EQ(refused(webhook("http://10.0.0.1/")), "(nothing)");
  EXPECT_EQ(refused(with(Consumer::file, {{"File", "../audit"}})), "consumerInputs.File");
  EXPECT_EQ(refused(with(Consumer::file, {{"File", ".audit"}})), "consumerInputs.File");
  EXPECT_EQ(refused(with(Consumer::file, {{"File", "audit.jsonl"}})), "(nothing)");
  EXPECT_EQ(refused(with(Consumer::file, {{"File", "audit.jsonl"}})), "consumerInputs.File");  // another's
}

TEST_F(Streams, seal_their_secret_and_never_send_it_somewhere_new) {
  const auto id = create(webhook()).stream.id;
  const auto first = kept(id);
  EXPECT_FALSE(first.inputs.contains("s3cret"));
  EXPECT_FALSE(first.secret.contains("s3cret"));
  EXPECT_EQ(world.authority().stream_secrets.open(first.secret, id.text())->reveal(), "s3cret");
  for (const auto& event : world.audit()) EXPECT_FALSE(event.data.contains("s3cret"));

  const auto edit = [&](const StreamRequest& request) {
    return refusal_of([&] { return edit_stream(world.authority(), admin, world.organization, id, request); });
  };
  EXPECT_EQ(edit(webhook(std::string(url), "********")), std::nullopt);
  EXPECT_EQ(kept(id).secret, first.secret);
  EXPECT_EQ(edit(webhook("https://evil.example.com/", "********")), RefusalCode::invalid_value);
  EXPECT_EQ(edit(webhook("https://evil.example.com/", "")), RefusalCode::invalid_value);
  EXPECT_EQ(edit(webhook("https://new.example.com/", "other")), std::nullopt);
  EXPECT_EQ(world.authority().stream_secrets.open(kept(id).secret, id.text())->reveal(), "other");
  EXPECT_EQ(edit({.consumer = store::Consumer::splunk}), RefusalCode::invalid_value);
}

TEST_F(Streams, begin_now_or_days_before) {
  static_cast<void>(world.issue(world.ann));
  world.advance(std::chrono::days(3));
  static_cast<void>(world.issue(world.ann));
  EXPECT_EQ(create(webhook()).stream.progress.position, 2);
  EXPECT_EQ(create(webhook(), std::chrono::days(1)).stream.progress.position, 1);
  EXPECT_EQ(create(webhook(), std::chrono::days(7)).stream.progress.position, 0);
}

TEST_F(Streams, catch_up_seven_days_at_most) {
  const auto id = create(webhook()).stream.id;
  const auto set = [&](bool enabled) {
    return set_stream_enabled(world.authority(), admin, world.organization, id, enabled).stream;
  };
  EXPECT_EQ(set(false).state, store::StreamState::disabled_by_user);
  static_cast<void>(world.issue(world.ann));
  world.advance(std::chrono::days(8));
  static_cast<void>(world.issue(world.ann));
  const auto before = world.audit().size();
  EXPECT_EQ(set(true).progress.position, static_cast<std::int64_t>(before) - 1);
  EXPECT_EQ(set(true).state, store::StreamState::enabled);  // already: no second event
  EXPECT_EQ(world.audit().size(), before + 1);
}

TEST_F(Streams, are_tried_later_each_time_then_disabled_with_a_notice) {
  const auto chief = world.add_user("chief@example.com", Role::administrator);
  const auto id = create(webhook()).stream.id;
  for (int i = 0; i < failures_most; ++i) {
    const auto stream = kept(id);
    EXPECT_EQ(stream.state, store::StreamState::enabled);
    stream_failed(world.authority(), stream, "the receiver answered 500");
    const auto wait = kept(id).progress.next_attempt_at - world.now();
    EXPECT_EQ(wait, std::min(std::chrono::seconds(1LL << std::min(i, 20)), std::chrono::seconds(3600)));
  }
  EXPECT_EQ(kept(id).state, store::StreamState::disabled_by_system);
  EXPECT_EQ(kept(id).reason, "the receiver answered 500");
  EXPECT_EQ(world.audit().back().action, "AuditLog.StreamDisabledBySystem");
  for (const auto& user : {world.admin, chief}) {
    const auto notices = list_notices(world.authority(), world.signed_in(user), {}, 10);
    ASSERT_EQ(notices.notices.size(), 1U);
    EXPECT_EQ(notices.notices[0].notice.kind, store::NoticeKind::stream_disabled);
  }
  EXPECT_TRUE(list_notices(world.authority(), world.signed_in(world.ann), {}, 10).notices.empty());
}

}  // namespace
}  // namespace latchkey::authority
