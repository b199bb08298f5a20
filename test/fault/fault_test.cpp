// Every decision, with each of its storage calls failing in turn: before or after it ran, once or from then
// on. A decision's happy path is written once, in a table; the loop runs it with its 1st, 2nd, ... Nth call
// failing, looks at what always holds, and then repeats the decision until it succeeds, as a client would.
//
// What always holds: the audit chain is whole, and tells of exactly what was accepted; a decision that failed
// left nothing, or (its commit's outcome unknown) everything; what verification believes is what the store
// holds, from the moment that somebody was answered; an administrator remains.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>
#include <sstream>

#include "authority/directory.hpp"
#include "decisions.hpp"
#include "store/account_mails.hpp"
#include "store/agents.hpp"
#include "store/grants.hpp"
#include "store/mail_settings.hpp"
#include "store/organization_notices.hpp"
#include "store/outbox.hpp"
#include "token/scopes.hpp"

namespace latchkey::authority {
namespace {

// ---- what always holds
// -----------------------------------------------------------------------------------------

std::vector<store::Token> all_tokens(store::Transaction& transaction, const Scene& scene) {
  std::vector<store::Token> all;
  for (const auto& member : store::members_of(transaction, scene.organization, {.top = 100'000})) {
    auto page =
        store::tokens_of(transaction, member.user.id,
                         {.filter = store::TokenFilter::all, .top = 100'000, .after = {}}, scene.now());
    all.insert(all.end(), page.tokens.begin(), page.tokens.end());
  }
  return all;
}

void draw_governance(store::Transaction& transaction, const Scene& scene, std::ostream& out) {
  for (const auto& [group, members] : store::groups_in(transaction, scene.organization, "", 100'000))
    out << group.name << group.description << members << '\n';
  for (const auto& project : store::projects_of(transaction, scene.organization, 0, 100'000)) {
    for (const auto& [grantee, role] : store::project_roles(transaction, project.id))
      out << project.name << store::id_of(grantee).text() << static_cast<int>(role) << '\n';
    for (const auto& queue : store::agent_queues_of(transaction, project.id, 100'000))
      out << queue.number << queue.name << '\n';
  }
  for (const auto& [route, grantees] : store::allowed_routes(transaction, scene.organization))
    out << route << grantees.size() << '\n';
  for (const auto& pool : store::agent_pools_of(transaction, scene.organization, 100'000)) {
    out << pool.number << pool.name << pool.auto_provision << '\n';
    for (const auto& agent : store::agents_of(transaction, pool, 100'000))
      out << agent.number << agent.name << agent.online << '\n';
  }
}

// Everything that a decision may change, as text: two pictures differ where something was changed.
std::string picture_of(Scene& scene) {
  return scene.look([&](store::Transaction& transaction) {
    std::ostringstream out;
    const auto draw = [&](const store::User& user) {
      out << user.email << ' ' << static_cast<int>(user.state) << ' ' << user.password.value_or("-") << ' '
          << microseconds(user.signed_in_at.value_or(Time{})) << '\n';
    };
    for (const auto& [organization, role] : store::memberships_of(transaction, scene.admin))
      out << organization.name << organization.open << '\n';
    for (const auto& member : store::members_of(transaction, scene.organization, {.top = 100'000})) {
      out << static_cast<int>(member.role) << ' ';
      draw(member.user);
    }
    if (const auto user = store::find_user_by_email(transaction, scene.name + "@example.com")) draw(*user);
    for (const auto& token : all_tokens(transaction, scene)) {
      out << token.id.text() << token.name << ' ' << token.scopes << ' ' << microseconds(token.valid_to)
          << ' ' << static_cast<int>(token.state);
      for (const auto& secret : store::live_secrets(transaction, token.id, scene.now()))
        out << ' ' << secret.fingerprint << microseconds(secret.live_until.value_or(Time{}));
      out << '\n';
    }
    for (const auto& project : store::projects_of(transaction, scene.organization, 0, 100'000))
      out << project.name << project.revision << '\n';
    for (const auto& repository :
         store::repositories_of_organization(transaction, scene.organization, 100'000))
      out << repository.name << repository.size << repository.disabled << '\n';
    for (const auto& build : store::builds_of(transaction, scene.organization, {.top = 100'000}))
      out << build.number << build.status << '\n';
    if (store::find_sign_in(transaction, Digest::of(scene.cookie))) out << "signed in\n";
    if (const auto mail = store::find_mail_settings(transaction)) out << mail->host << '\n';
    if (const auto webhook = store::find_webhook(transaction, scene.organization))
      out << webhook->shown << '\n';
    out << store::find_mailbox(transaction, scene.organization).value_or("") << '\n';
    out << store::is_mailing(transaction) << store::account_mail_queue(transaction).queued << '\n';
    draw_governance(transaction, scene, out);
    return out.str();
  });
}

// Follows the chain from where it looked last: dense, each event over its predecessor.
class AuditFollower {
 public:
  // How many events are new.
  std::int64_t follow(Scene& scene) {
    const std::int64_t before = position_;
    scene.look([&](store::Transaction& transaction) {
      store::each_audit_event(transaction, position_, 1'000'000, [&](const store::AuditEvent& event) {
        EXPECT_EQ(event.position, position_ + 1);
        EXPECT_TRUE(event.previous == digest_);
        EXPECT_TRUE(event.digest == store::audit_digest(event));
        position_ = event.position;
        digest_ = event.digest;
      });
      return true;
    });
    return position_ - before;
  }

 private:
  std::int64_t position_ = 0;
  Digest digest_;
};

// Of the secrets that the store holds live: exactly those, with what they may.
void expect_index_is_store(Scene& scene) {
  struct Live {
    store::Token token;
    store::TokenSecret secret;
  };
  const auto live = scene.look([&](store::Transaction& transaction) {
    std::vector<Live> all;
    for (const auto& token : all_tokens(transaction, scene))
      for (const auto& secret : store::live_secrets(transaction, token.id, scene.now()))
        if (token.state == store::TokenState::live) all.push_back({token, secret});
    return all;
  });
  {
    const verify::Pin pin = scene.node->reader.pin();
    for (const auto& [token, secret] : live) {
      const verify::Facts facts = pin.look(secret.digest);
      const Time end = std::min(token.valid_to, secret.live_until.value_or(token.valid_to));
      const auto state = end < token.valid_to ? verify::TokenState::replaced : verify::TokenState::live;
      ASSERT_FALSE(facts.token.empty()) << token.name;
      EXPECT_EQ(facts.token.state(), static_cast<std::uint8_t>(state));
      EXPECT_EQ(facts.token.deadline(), verify::second_of(end));
      EXPECT_TRUE(facts.grant->scopes == token::kept_scopes(token.scopes));
      EXPECT_EQ(facts.grant->organization, token.organization);
      EXPECT_EQ(facts.owner->id, token.owner);
    }
  }
  for (const auto& [token, text] : scene.texts) {
    const Digest digest = Digest::of(text.reveal());
    const auto found =
        std::ranges::find_if(live, [&](const Live& one) { return one.secret.digest == digest; });
    const bool good = found != live.end() && scene.look([&](store::Transaction& transaction) {
      return store::find_user(transaction, found->token.owner)->state == store::UserState::enabled;
    });
    EXPECT_EQ(scene.accepts(text), good) << token.text();
  }
}

void expect_administrators(Scene& scene) {
  scene.look([&](store::Transaction& transaction) {
    EXPECT_GE(store::count_server_administrators(transaction), 1);
    EXPECT_GE(store::count_organization_administrators(transaction, scene.organization), 1);
    return true;
  });
}

// ---- the loop
// --------------------------------------------------------------------------------------------------

struct Mode {
  std::string_view name;
  store::Store::Failure failure;
};
constexpr std::array modes{
    Mode{"once", {.kind = store::ErrorKind::broken}},
    Mode{"from then on, after it ran",
         {.from_then_on = true, .kind = store::ErrorKind::unavailable, .after = true}},
    Mode{"from then on", {.from_then_on = true, .kind = store::ErrorKind::full}},
    Mode{"once, after it ran", {.kind = store::ErrorKind::broken, .after = true}},
};
// Hashing a password takes so long, on purpose, that two modes must do for who does it.
std::span<const Mode> modes_of(bool hashes) { return std::span(modes).first(hashes ? 2 : modes.size()); }

// The error with which the decision failed; none: it succeeded. A fault is never told as a refusal.
std::optional<store::ErrorKind> run(Scene& scene, const Decision& decision) {
  try {
    decision.act(scene);
  } catch (const store::Error& error) {
    return error.kind();
  } catch (const Refusal& refusal) {
    ADD_FAILURE() << "refused: " << refusal.message();
  }
  return std::nullopt;
}

// Repeats what may have been done already: then it may be refused (a name is taken), or be done once more.
void repeat(Scene& scene, const Decision& decision) {
  try {
    decision.act(scene);
  } catch (const Refusal&) {
    EXPECT_TRUE(decision.done(scene));
  }
}

// Fails the nth call. False: there were not so many.
bool fail_nth(Scene& scene, const Decision& decision, AuditFollower& audit, store::Store::Failure failure) {
  scene.next_run();
  decision.begin(scene);
  static_cast<void>(audit.follow(scene));
  const std::string before = picture_of(scene);

  scene.node->store.fail(failure);
  const auto error = run(scene, decision);
  const bool reached = scene.node->store.statements_run() >= failure.nth;
  scene.node->store.fail({});

  const auto told = audit.follow(scene);
  expect_administrators(scene);
  if (!error) {
    EXPECT_EQ(told, decision.tells ? 1 : 0);
    EXPECT_TRUE(decision.done(scene));
    expect_index_is_store(scene);
    return reached;
  }
  EXPECT_LE(told, decision.tells ? 1 : 0);
  if (told == 0) {
    EXPECT_EQ(picture_of(scene), before) << "half of it, or all without an event";
    if (*error != store::ErrorKind::unavailable) expect_index_is_store(scene);
    EXPECT_EQ(run(scene, decision), std::nullopt);
    EXPECT_EQ(audit.follow(scene), decision.tells ? 1 : 0);
  } else {
    EXPECT_EQ(*error, store::ErrorKind::unavailable) << "failed, and done all the same";
    EXPECT_TRUE(decision.done(scene)) << "half of it";
    repeat(scene, decision);
    EXPECT_LE(audit.follow(scene), 1);
  }
  EXPECT_TRUE(decision.done(scene));
  expect_index_is_store(scene);
  return true;
}

class Faults : public ::testing::TestWithParam<Decision> {};

TEST_P(Faults, leave_all_of_the_decision_or_nothing) {
  for (const Mode& mode : modes_of(GetParam().hashes)) {
    Scene scene;
    AuditFollower audit;
    store::Store::Failure failure = mode.failure;
    for (failure.nth = 1;; ++failure.nth) {
      const auto where = std::string(mode.name) + ", call " + std::to_string(failure.nth);
      SCOPED_TRACE(where);
      if (!fail_nth(scene, GetParam(), audit, failure)) break;
      ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(failure.nth, 3) << "the faults reached no storage call";
    const auto events = audit.follow(scene);
    scene.restart();
    EXPECT_EQ(events, 0);
    expect_index_is_store(scene);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Faults, ::testing::ValuesIn(all_decisions()),
                         [](const auto& decision) { return std::string(decision.param.name); });

// The first run begins without anything, so each of its runs has a directory of its own.
TEST(FaultsOfInitialize, leave_all_of_it_or_nothing) {
  const Origin terminal{.address = {}, .agent = {}, .activity = {}};
  const auto first = [] {
    return FirstRun{
        .organization = "halden", .email = "olga@example.com", .password = Secret("a long enough one")};
  };
  for (const Mode& mode : modes_of(true)) {
    store::Store::Failure failure = mode.failure;
    bool reached = true;
    for (failure.nth = 1; reached; ++failure.nth) {
      SCOPED_TRACE(std::string(mode.name) + ", call " + std::to_string(failure.nth));
      const TemporaryDirectory directory;
      const Clock clock;
      Node node(directory.path(), clock);
      node.store.fail(failure);
      bool failed = false;
      try {
        initialize(node.authority, first(), terminal);
      } catch (const store::Error&) {
        failed = true;
      }
      reached = node.store.statements_run() >= failure.nth;
      node.store.fail({});
      if (failed && !is_initialized(node.authority)) initialize(node.authority, first(), terminal);
      std::int64_t events = 0;
      const auto administrators = node.store.read([&](store::Transaction& transaction) {
        store::each_audit_event(transaction, 0, 100, [&](const store::AuditEvent&) { ++events; });
        return store::count_server_administrators(transaction);
      });
      EXPECT_EQ(administrators, 1);
      EXPECT_EQ(events, 1);
    }
  }
}

}  // namespace
}  // namespace latchkey::authority
