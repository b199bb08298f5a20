// Goal: an export that was touched anywhere is found broken. Method: a small log in both formats; every byte
// flipped in each of its bits, every event dropped, doubled, and swapped with every other, every cut.
// SPDX-License-Identifier: Apache-2.0
#include "app/audit_chain.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <sstream>
#include <vector>

#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

constexpr int count = 5;

// As the API answers; the events of `sealed` are another organization's.
json::value page(bool with_sealed) {
  json::array links;
  store::AuditHead last{7, Digest::of("boundary")};
  const json::object boundary{{"position", last.position}, {"digest", hex(last.digest.bytes())}};
  for (int i = 0; i < count; ++i) {
    store::AuditEvent event;
    event.position = last.position + 1;
    event.time = time_from_microseconds(1'764'000'000'000'000 + i);
    if (i != 1) event.actor = UserId::random();
    event.organization = OrganizationId::random();
    event.action = "Token.PatCreateEvent";
    event.subject = i == 2 ? "" : "=subject, \"quoted\"";
    event.data = R"({"DisplayName":"a\"b, c"})";
    event.address = "192.0.2.1";
    event.agent = i == 3 ? "two\r\nlines" : "-git";
    event.activity = event.correlation = ActivityId::random();
    event.previous = last.digest;
    event.digest = audit_digest(event);
    last = {event.position, event.digest};
    json::object link{{"position", event.position}, {"digest", hex(event.digest.bytes())}};
    if (!with_sealed || i != 1) {
      link["time"] = microseconds(event.time);
      if (event.actor) link["actor"] = event.actor->text();
      link["organization"] = event.organization->text();
      link["action"] = event.action;
      link["subject"] = event.subject;
      link["data"] = event.data;
      link["address"] = event.address;
      link["agent"] = event.agent;
      link["activity"] = event.activity.text();
      link["correlation"] = event.correlation.text();
    }
    links.push_back(std::move(link));
  }
  return json::object{{"boundary", boundary}, {"value", std::move(links)}};
}

struct Export {
  std::string head;
  std::vector<std::string> lines;
  [[nodiscard]] std::string text() const {
    std::string all = head;
    for (const auto& line : lines) all += line;
    return all;
  }
};

Export exported(ChainFormat format, bool with_sealed = false) {
  const auto whole = page(with_sealed);
  Export made{.head = chain_head(format, whole), .lines = {}};
  for (const auto& link : whole.at("value").as_array())
    made.lines.push_back(chain_lines(format, json::object{{"value", json::array{link}}}));
  return made;
}

ChainVerdict verified(const std::string& text, const std::optional<store::AuditHead>& head = {}) {
  std::istringstream file(text);
  return verify_chain(file, head);
}

class AuditChain : public testing::TestWithParam<ChainFormat> {};
INSTANTIATE_TEST_SUITE_P(Formats, AuditChain, testing::Values(ChainFormat::json_lines, ChainFormat::csv));

TEST_P(AuditChain, is_whole_as_it_was_written) {
  const auto verdict = verified(exported(GetParam()).text());
  EXPECT_EQ(verdict.broken, "");
  EXPECT_EQ(verdict.events, count);
  EXPECT_EQ(verdict.begin.position, 7);
  EXPECT_EQ(verdict.end.position, 7 + count);
  const auto sealed = verified(exported(GetParam(), true).text());
  EXPECT_EQ(sealed.broken, "");
  EXPECT_EQ(sealed.sealed, 1);
}

TEST_P(AuditChain, shows_every_flipped_bit) {
  const std::string whole = exported(GetParam()).text();
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = whole;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
      EXPECT_NE(verified(changed).broken, "") << "byte " << at << ", bit " << bit;
    }
}

TEST_P(AuditChain, shows_every_event_dropped_doubled_and_swapped) {
  const Export whole = exported(GetParam());
  for (std::size_t i = 0; i < count; ++i) {
    Export changed = whole;
    changed.lines.insert(changed.lines.begin() + static_cast<std::ptrdiff_t>(i), whole.lines[i]);
    EXPECT_NE(verified(changed.text()).broken, "") << i << " doubled";
    if (i + 1 < count) {
      changed = whole;
      changed.lines.erase(changed.lines.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_NE(verified(changed.text()).broken, "") << i << " dropped";
    }
    for (std::size_t j = 0; j < i; ++j) {
      changed = whole;
      std::swap(changed.lines[i], changed.lines[j]);
      EXPECT_NE(verified(changed.text()).broken, "") << i << " swapped with " << j;
    }
  }
  Export headless = whole;
  headless.head.clear();
  EXPECT_NE(verified(headless.text()).broken, "");
}

TEST_P(AuditChain, shows_every_cut_and_one_between_events_with_a_later_head) {
  const Export whole = exported(GetParam());
  const std::string text = whole.text();
  const auto end = verified(text).end;
  EXPECT_EQ(verified(text, end).broken, "");
  std::size_t border = whole.head.size();
  std::vector<std::size_t> borders{border};
  for (const auto& line : whole.lines) borders.push_back(border += line.size());
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    const auto part = text.substr(0, cut);
    const bool between = std::ranges::find(borders, cut) != borders.end();
    EXPECT_EQ(verified(part).broken.empty(), between) << cut;
    EXPECT_NE(verified(part, end).broken, "") << cut;
  }
}

TEST_P(AuditChain, shows_another_head) {
  const std::string text = exported(GetParam()).text();
  EXPECT_NE(verified(text, store::AuditHead{9, Digest::of("another")}).broken, "");
  EXPECT_NE(verified(text, store::AuditHead{3, Digest::of("earlier")}).broken, "");
  EXPECT_EQ(verified(text, store::AuditHead{7, Digest::of("boundary")}).broken, "");
}

TEST_P(AuditChain, names_the_first_broken_link) {
  Export changed = exported(GetParam());
  for (const std::size_t i : {2, 4})
    changed.lines[i].replace(changed.lines[i].find("192.0.2.1"), 9, "192.0.2.7");
  EXPECT_TRUE(verified(changed.text()).broken.contains("position 10")) << verified(changed.text()).broken;
}

TEST(AuditChainCsv, hides_no_event_behind_a_missing_time) {
  Export changed = exported(ChainFormat::csv);
  auto& line = changed.lines[1];
  const auto at = line.find(",1764");
  line.erase(at + 1, line.find(',', at + 1) - at - 1);
  EXPECT_NE(verified(changed.text()).broken, "");
}

TEST(AuditHead, is_read_strictly) {
  const auto text = "17:" + hex(Digest::of("x").bytes());
  EXPECT_EQ(parse_audit_head(text)->position, 17);
  for (const auto& other :
       {std::string("17"), std::string(""), "x" + text, text + "0", "017:" + text.substr(3)})
    EXPECT_FALSE(parse_audit_head(other)) << other;
}

}  // namespace
}  // namespace latchkey::app
