// SPDX-License-Identifier: Apache-2.0
#include "authority/audit_log.hpp"

#include <boost/json/parse.hpp>
#include <variant>

#include "authority/audit.hpp"
#include "authority/authorize.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

constexpr std::int64_t looked_at_together = 1000, looked_at_most = 20'000, charted_most = 200'000;
constexpr std::int64_t removed_together = 1000;
constexpr std::string_view reading = "AuditLog.AccessLog";

store::AuditRange range_of(const AuditFilter& filter, Time now) {
  return {.organization = filter.organization,
          .from = filter.from.value_or(Time{}),
          .until = filter.until.value_or(now + std::chrono::days(1)),
          .subject = filter.subject};
}

// Whatever the range and the subject leave to be asked.
class Matcher {
 public:
  explicit Matcher(const AuditFilter& filter) : filter_(filter) {
    const auto text = normalized(filter.text);
    text_ = folded(text.value_or(""));
  }
  bool any() const noexcept {
    return filter_.actor || !filter_.area.empty() || !filter_.category.empty() || !filter_.text.empty();
  }
  bool operator()(const store::AuditEventTold& told) const {
    const auto& event = told.event;
    if (filter_.actor && event.actor != filter_.actor) return false;
    const AuditAction action = audit_action(event.action);
    if (!filter_.area.empty() && !same_ascii(filter_.area, action.area())) return false;
    if (!filter_.category.empty() && !same_ascii(filter_.category, category_name(action.category)))
      return false;
    return text_.empty() || says(audit_details(action, boost::json::parse(event.data).get_object())) ||
           says(told.actor_name) || says(told.actor_email);
  }

 private:
  bool says(std::string_view text) const {
    const auto clean = normalized(text);
    return clean && folded(*clean).contains(text_);
  }
  const AuditFilter& filter_;
  std::string text_;
};

store::AuditPlace place_of(const store::AuditEventTold& told) {
  return {told.event.time, told.event.position};
}

// Hands what matches to `take`, until it wants no more, the events end, or `most` were looked at. Returns the
// place after which there may be more.
template <class Take>
std::optional<store::AuditPlace> look_through(store::Transaction& transaction, const store::AuditRange& range,
                                              const Matcher& matches, bool latest_first,
                                              std::optional<store::AuditPlace> after, std::int64_t most,
                                              Take take) {
  for (std::int64_t seen = 0; seen < most; seen += looked_at_together) {
    auto events = store::audit_page(transaction, range, latest_first, after, looked_at_together);
    for (auto& told : events) {
      const auto place = place_of(told);
      if (matches(told) && !take(std::move(told))) return after;
      after = place;
    }
    if (std::ssize(events) < looked_at_together) return std::nullopt;
  }
  return after;
}

void add_entry(std::vector<AuditEntry>& entries, store::AuditEventTold told, bool aggregate) {
  if (aggregate && !entries.empty() && told.event.action == reading) {
    auto& last = entries.back();
    if (last.told.event.action == reading && last.told.event.actor == told.event.actor) {
      ++last.aggregated;
      return;
    }
  }
  entries.push_back({.told = std::move(told)});
}

std::string subject_of(const AuditFilter& filter) {
  return filter.organization ? filter.organization->text() : "";
}

}  // namespace

void authorize_audit(store::Transaction& transaction, Time now, const Actor& actor,
                     const std::optional<OrganizationId>& organization) {
  authorize(transaction, now, actor, organization ? Act::oversee_audit : Act::oversee_all_audit,
            organization);
}

void require_audit(Authority& authority, const Actor& actor,
                   const std::optional<OrganizationId>& organization) {
  static_cast<void>(authority.store.read([&](store::Transaction& transaction) {
    authorize_audit(transaction, authority.clock.now(), actor, organization);
    return std::monostate{};
  }));
}

AuditPage audit_log(Authority& authority, const Actor& actor, const AuditFilter& filter,
                    const std::optional<store::AuditPlace>& after, std::int64_t top, bool aggregate) {
  if (!after)
    decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      authorize_audit(transaction, now, actor, filter.organization);
      record(transaction, now, actor, filter.organization, reading, subject_of(filter));
      return std::monostate{};
    });
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, filter.organization);
    AuditPage page;
    page.after = look_through(transaction, range_of(filter, now), Matcher(filter), true, after,
                              looked_at_most, [&](store::AuditEventTold told) {
                                if (std::cmp_equal(page.entries.size(), top)) return false;
                                add_entry(page.entries, std::move(told), aggregate);
                                return true;
                              });
    return page;
  });
}

AuditFilter begin_audit_download(Authority& authority, const Actor& actor, AuditFilter filter,
                                 std::string_view format) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, filter.organization);
    record(transaction, now, actor, filter.organization, "AuditLog.DownloadLog", subject_of(filter),
           {{"Format", format}});
    AuditFilter whole = filter;
    whole.until = std::min(filter.until.value_or(now), now);
    return whole;
  });
}

AuditPiece audit_piece(Authority& authority, const Actor& actor, const AuditFilter& filter,
                       const std::optional<store::AuditPlace>& after) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, filter.organization);
    AuditPiece piece;
    piece.after = look_through(transaction, range_of(filter, now), Matcher(filter), false, after,
                               looked_at_together, [&](store::AuditEventTold told) {
                                 piece.events.push_back(std::move(told));
                                 return true;
                               });
    return piece;
  });
}

AuditActivity audit_activity(Authority& authority, const Actor& actor, const AuditFilter& filter,
                             std::int64_t parts) {
  return authority.store.read([&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, filter.organization);
    AuditActivity activity{.from = {}, .until = filter.until.value_or(now), .counts = {}, .refusals = {}};
    activity.from = filter.from.value_or(activity.until - std::chrono::days(1));
    activity.counts.assign(static_cast<std::size_t>(parts), 0);
    activity.refusals = activity.counts;
    const auto span = (activity.until - activity.from).count();
    if (span <= 0) return activity;
    const std::int64_t part = (span + parts - 1) / parts;
    store::AuditRange range = range_of(filter, now);
    range.from = activity.from;
    range.until = activity.until;
    const Matcher matches(filter);
    if (!matches.any() && !filter.subject) {
      for (const auto& [number, count] : store::audit_counts(transaction, range, part))
        activity.counts.at(static_cast<std::size_t>(number)) = count;
      for (const auto& [number, count] : store::audit_refusal_counts(transaction, range, part))
        activity.refusals.at(static_cast<std::size_t>(number)) = count;
      return activity;
    }
    activity.complete = !look_through(
        transaction, range, matches, true, {}, charted_most, [&](const store::AuditEventTold& told) {
          const auto at = static_cast<std::size_t>((told.event.time - activity.from).count() / part);
          ++activity.counts.at(at);
          if (store::tells_refusal(told.event.action)) ++activity.refusals.at(at);
          return true;
        });
    return activity;
  });
}

AuditChainPage audit_chain(Authority& authority, const Actor& actor,
                           const std::optional<OrganizationId>& organization, std::int64_t after,
                           std::int64_t top) {
  if (after == 0)
    decide(authority, [&](store::Transaction& transaction) {
      const Time now = authority.clock.now();
      authorize_audit(transaction, now, actor, organization);
      record(transaction, now, actor, organization, "AuditLog.DownloadLog",
             organization ? organization->text() : "", {{"Format", "chain"}});
      return std::monostate{};
    });
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_audit(transaction, authority.clock.now(), actor, organization);
    AuditChainPage page{.boundary = store::audit_boundary(transaction), .events = {}};
    store::each_audit_event(transaction, after, top + 1,
                            [&](const store::AuditEvent& event) { page.events.push_back(event); });
    page.more = std::ssize(page.events) > top;
    if (page.more) page.events.pop_back();
    return page;
  });
}

void shorten_audit(Authority& authority, std::chrono::days kept) {
  const Time before = authority.clock.now() - kept;
  std::int64_t removed = 0;
  const auto some = [&] {
    return decide(authority, [&](store::Transaction& transaction) {
      return store::shorten_audit(transaction, before, removed_together);
    });
  };
  while (const auto now_removed = some()) removed += now_removed;
  if (removed == 0) return;
  decide(authority, [&](store::Transaction& transaction) {
    const auto boundary = store::audit_boundary(transaction);
    record_of_nobody(
        transaction, authority.clock.now(), {}, {}, "AuditLog.RetentionApplied", "",
        {{"Removed", removed}, {"Position", boundary.position}, {"Digest", hex(boundary.digest.bytes())}});
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
