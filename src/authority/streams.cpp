// SPDX-License-Identifier: Apache-2.0
#include "authority/streams.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <variant>

#include "authority/audit.hpp"
#include "authority/audit_log.hpp"
#include "authority/names.hpp"
#include "authority/notices.hpp"
#include "authority/outgoing_places.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"
#include "store/directory.hpp"
#include "store/transaction.hpp"

namespace latchkey::authority {
namespace {

namespace json = boost::json;

constexpr std::size_t streams_most = 20;  // of an organization
constexpr std::size_t input_longest = 2000, certificate_longest = 32'768;
constexpr std::chrono::seconds back_off_longest{3600};
constexpr std::int64_t told_most = 100;  // administrators

constexpr StreamInput webhook_inputs[] = {{.name = "Url", .required = true, .place = true},
                                          {.name = "Secret", .required = true, .secret = true}};
constexpr StreamInput splunk_inputs[] = {
    {.name = "SplunkUrl", .required = true, .place = true},
    {.name = "SplunkEventCollectorToken", .required = true, .secret = true}};
constexpr StreamInput syslog_inputs[] = {{.name = "Host", .required = true, .place = true},
                                         {.name = "Port", .place = true},
                                         {.name = "CaCertificate"}};
constexpr StreamInput file_inputs[] = {{.name = "File", .required = true, .place = true}};
constexpr StreamConsumer consumers[] = {{store::Consumer::webhook, "WebHook", webhook_inputs},
                                        {store::Consumer::splunk, "Splunk", splunk_inputs},
                                        {store::Consumer::syslog, "Syslog", syslog_inputs},
                                        {store::Consumer::file, "File", file_inputs}};

// Null: it has none.
template <class Matches>
const StreamInput* find_input(const StreamConsumer& consumer, Matches matches) {
  for (const StreamInput& input : consumer.inputs)
    if (matches(input)) return &input;
  return nullptr;
}

[[noreturn]] void refuse(std::string_view input, std::string_view must) {
  throw Refusal(RefusalCode::invalid_value, std::string(input) + " " + std::string(must) + ".",
                "consumerInputs." + std::string(input));
}

void require_place(std::string_view input, std::string_view fault) {
  if (!fault.empty()) refuse(input, fault);
}

bool is_file_name(std::string_view name) {
  return name.size() <= 100 && !name.starts_with('.') && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_' || c == '.';
         });
}

void check_place(const Outgoing& outgoing, store::Consumer consumer, const StreamInputs& inputs) {
  switch (consumer) {
    case store::Consumer::webhook:
      return require_place("Url", fault_of_url(outgoing, inputs.at("Url")));
    case store::Consumer::splunk:
      return require_place("SplunkUrl", fault_of_url(outgoing, inputs.at("SplunkUrl")));
    case store::Consumer::syslog: {
      require_place("Host", fault_of_host(outgoing, inputs.at("Host")));
      const auto port = inputs.find("Port");
      if (port == inputs.end()) return;
      if (!std::ranges::all_of(port->second, [](char c) { return c >= '0' && c <= '9'; }) ||
          port->second.size() > 5 || std::stoi(port->second) < 1 || std::stoi(port->second) > 65535)
        refuse("Port", "must be a number from 1 to 65535");
      return;
    }
    case store::Consumer::file:
      if (outgoing.stream_directory.empty())
        refuse("File", "can't be written: the server's own file names no stream_directory in [outgoing]");
      if (!is_file_name(inputs.at("File"))) refuse("File", "must be a name of letters, digits, - _ and .");
      return;
  }
}

void check_text(const StreamInput& input, const std::string& value) {
  const bool certificate = input.name == "CaCertificate";
  if (value.size() > (certificate ? certificate_longest : input_longest)) refuse(input.name, "is too long");
  if (!input.secret && masked(value) != value) refuse(input.name, "holds the text of a token: take it out");
  const bool clean = std::ranges::all_of(value, [&](char c) {
    return static_cast<unsigned char>(c) >= ' ' || (certificate && (c == '\n' || c == '\r'));
  });
  if (!clean) refuse(input.name, "must not hold control characters");
}

bool is_asterisks(std::string_view text) { return text.find_first_not_of('*') == std::string_view::npos; }

struct Inputs {
  StreamInputs open;
  std::optional<std::string> secret;  // none: left out
};

// What is asked for, checked; what the consumer doesn't know is refused.
Inputs checked_inputs(const Outgoing& outgoing, const StreamRequest& request) {
  const StreamConsumer& consumer = stream_consumer(request.consumer);
  Inputs inputs;
  for (const auto& [name, value] : request.inputs) {
    const StreamInput* known = find_input(consumer, [&](const StreamInput& one) { return one.name == name; });
    if (known == nullptr) refuse(name, "is no input of a stream to " + std::string(consumer.name));
    check_text(*known, value);
    if (value.empty() || (known->secret && is_asterisks(value))) continue;
    if (known->secret)
      inputs.secret = value;
    else
      inputs.open.emplace(name, value);
  }
  for (const StreamInput& input : consumer.inputs)
    if (input.required && !input.secret && !inputs.open.contains(input.name)) refuse(input.name, "is needed");
  check_place(outgoing, request.consumer, inputs.open);
  return inputs;
}

std::string stream_name(const StreamRequest& request) {
  if (request.name.empty()) return std::string(stream_consumer(request.consumer).name);
  return checked_text(request.name, {"The name of a stream", "displayName"});
}

std::string text_of(const StreamInputs& inputs) {
  json::object object;
  for (const auto& [name, value] : inputs) object[name] = value;
  return json::serialize(object);
}

json::object told(const store::AuditStream& stream) {
  return {{"DisplayName", stream.name},
          {"ConsumerType", stream_consumer(stream.consumer).name},
          {"ConsumerInputs", json::parse(stream.inputs)}};
}

store::AuditStream known_stream(store::Transaction& transaction, const Place& organization,
                                const store::StreamId& id) {
  auto stream = store::find_stream(transaction, id);
  if (!stream || stream->organization != organization)
    throw Refusal(RefusalCode::not_found, "There is no stream with this id.", "streamId");
  return *std::move(stream);
}

// Two streams never write one file.
void refuse_shared_file(store::Transaction& transaction, const store::AuditStream& stream) {
  if (stream.consumer != store::Consumer::file) return;
  for (const auto& other : store::streams_of(transaction, stream.organization))
    if (other.id != stream.id && other.consumer == store::Consumer::file && other.inputs == stream.inputs)
      throw Refusal(RefusalCode::name_taken, "Another stream writes this file.", "consumerInputs.File");
}

StreamShown shown(store::Transaction& transaction, store::AuditStream stream) {
  return {.stream = std::move(stream), .last = store::audit_head(transaction).position};
}

void place_anew(store::StreamProgress& progress, std::int64_t position) {
  progress.position = progress.resume = position;
}

// Whether the events go somewhere else from now on.
bool moves(const StreamConsumer& consumer, const StreamInputs& before, const StreamInputs& after) {
  return std::ranges::any_of(consumer.inputs, [&](const StreamInput& input) {
    if (!input.place) return false;
    const auto old = before.find(input.name), now = after.find(input.name);
    return (old == before.end() ? "" : old->second) != (now == after.end() ? "" : now->second);
  });
}

// Takes the request into the stream. `is_new`: there is no secret yet that could stay.
void apply(Sealer& sealer, store::AuditStream& stream, const StreamRequest& request, Inputs inputs,
           bool is_new) {
  const StreamConsumer& consumer = stream_consumer(stream.consumer);
  const StreamInput* secret = find_input(consumer, [](const StreamInput& one) { return one.secret; });
  if (secret != nullptr && !inputs.secret && (is_new || moves(consumer, inputs_of(stream), inputs.open)))
    refuse(secret->name, is_new ? "is needed" : "must be given again, since the events go somewhere else");
  if (inputs.secret) stream.secret = sealer.seal(Secret(*std::move(inputs.secret)), stream.id.text());
  stream.name = stream_name(request);
  stream.inputs = text_of(inputs.open);
}

void tell_administrators(store::Transaction& transaction, Time now, const store::AuditStream& stream,
                         std::int64_t event) {
  const auto administrators =
      stream.organization ? store::organization_administrators(transaction, *stream.organization, told_most)
                          : store::server_administrators(transaction, told_most);
  for (const store::User& user : administrators)
    notify(transaction, now, {.user = user.id, .kind = store::NoticeKind::stream_disabled, .event = event});
}

}  // namespace

std::span<const StreamConsumer> stream_consumers() noexcept { return consumers; }

const StreamConsumer& stream_consumer(store::Consumer consumer) noexcept {
  return consumers[static_cast<std::size_t>(consumer) - 1];
}

StreamInputs inputs_of(const store::AuditStream& stream) {
  StreamInputs inputs;
  for (const auto& [name, value] : json::parse(stream.inputs).get_object())
    inputs.emplace(name, std::string_view(value.get_string()));
  return inputs;
}

std::vector<StreamShown> list_streams(Authority& authority, const Actor& actor, const Place& organization) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_audit(transaction, authority.clock.now(), actor, organization);
    std::vector<StreamShown> all;
    for (auto& stream : store::streams_of(transaction, organization))
      all.push_back(shown(transaction, std::move(stream)));
    return all;
  });
}

StreamShown show_stream(Authority& authority, const Actor& actor, const Place& organization,
                        const store::StreamId& id) {
  return authority.store.read([&](store::Transaction& transaction) {
    authorize_audit(transaction, authority.clock.now(), actor, organization);
    return shown(transaction, known_stream(transaction, organization, id));
  });
}

StreamShown create_stream(Authority& authority, const Actor& actor, const Place& organization,
                          const StreamRequest& request, std::chrono::days backfill) {
  store::AuditStream stream{.id = store::StreamId::random(),
                            .organization = organization,
                            .consumer = request.consumer,
                            .name = {},
                            .inputs = "{}",
                            .secret = {},
                            .reason = {},
                            .progress = {},
                            .created_at = {},
                            .updated_at = {}};
  require_audit(authority, actor, organization);  // who may not, learns nothing of the inputs
  apply(authority.stream_secrets, stream, request, checked_inputs(authority.settings.outgoing, request),
        true);
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, organization);
    if (store::streams_of(transaction, organization).size() >= streams_most)
      throw Refusal(RefusalCode::invalid_value, "There are 20 streams, and can't be more. Delete one.");
    refuse_shared_file(transaction, stream);
    stream.created_at = stream.updated_at = now;
    stream.progress.backfill_until = store::audit_head(transaction).position;
    place_anew(stream.progress, backfill.count() == 0
                                    ? stream.progress.backfill_until
                                    : store::audit_position_before(transaction, now - backfill));
    store::insert_stream(transaction, stream);
    record(transaction, now, actor, organization, "AuditLog.StreamCreated", stream.id.text(), told(stream));
    return shown(transaction, stream);
  });
}

StreamShown edit_stream(Authority& authority, const Actor& actor, const Place& organization,
                        const store::StreamId& id, const StreamRequest& request) {
  const auto before = show_stream(authority, actor, organization, id).stream;
  if (before.consumer != request.consumer)
    throw Refusal(RefusalCode::invalid_value, "A stream stays what it is. Create another one.",
                  "consumerType");
  const auto inputs = checked_inputs(authority.settings.outgoing, request);
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, organization);
    auto stream = known_stream(transaction, organization, id);
    apply(authority.stream_secrets, stream, request, inputs, false);
    refuse_shared_file(transaction, stream);
    stream.updated_at = std::max(now, stream.updated_at + std::chrono::microseconds(1));
    stream.progress.next_attempt_at = now;
    store::update_stream(transaction, stream);
    record(transaction, now, actor, organization, "AuditLog.StreamModified", id.text(), told(stream));
    return shown(transaction, std::move(stream));
  });
}

StreamShown set_stream_enabled(Authority& authority, const Actor& actor, const Place& organization,
                               const store::StreamId& id, bool enabled) {
  return decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, organization);
    auto stream = known_stream(transaction, organization, id);
    if (enabled == (stream.state == store::StreamState::enabled))
      return shown(transaction, std::move(stream));
    stream.state = enabled ? store::StreamState::enabled : store::StreamState::disabled_by_user;
    stream.reason.clear();
    stream.updated_at = std::max(now, stream.updated_at + std::chrono::microseconds(1));
    if (enabled) {
      const auto earliest = store::audit_position_before(transaction, now - backfill_longest);
      if (stream.progress.resume < earliest) place_anew(stream.progress, earliest);
      stream.progress.failures = 0;
      stream.progress.last_error.clear();
      stream.progress.next_attempt_at = now;
    }
    store::update_stream(transaction, stream);
    record(transaction, now, actor, organization,
           enabled ? "AuditLog.StreamEnabled" : "AuditLog.StreamDisabledByUser", id.text(), told(stream));
    return shown(transaction, std::move(stream));
  });
}

void delete_stream(Authority& authority, const Actor& actor, const Place& organization,
                   const store::StreamId& id) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    authorize_audit(transaction, now, actor, organization);
    const auto stream = known_stream(transaction, organization, id);
    store::delete_stream(transaction, id);
    record(transaction, now, actor, organization, "AuditLog.StreamDeleted", id.text(), told(stream));
    return std::monostate{};
  });
}

void stream_came_on(Authority& authority, const store::AuditStream& stream,
                    const store::StreamProgress& progress) {
  decide(authority, [&](store::Transaction& transaction) {
    store::set_progress(transaction, stream.id, stream.updated_at, progress);
    return std::monostate{};
  });
}

void stream_failed(Authority& authority, const store::AuditStream& stream, std::string_view error) {
  decide(authority, [&](store::Transaction& transaction) {
    const Time now = authority.clock.now();
    auto current = store::find_stream(transaction, stream.id);
    if (!current || current->updated_at != stream.updated_at) return std::monostate{};
    auto& progress = current->progress;
    const auto doubled =
        std::chrono::seconds(1) * (std::int64_t{1} << std::min<std::int64_t>(progress.failures, 20));
    progress.position = progress.resume;
    progress.last_error = masked(error.substr(0, 500));
    progress.next_attempt_at = now + std::min(doubled, back_off_longest);
    if (++progress.failures < failures_most) {
      store::set_progress(transaction, stream.id, stream.updated_at, progress);
      return std::monostate{};
    }
    current->state = store::StreamState::disabled_by_system;
    current->reason = progress.last_error;
    current->updated_at = std::max(now, current->updated_at + std::chrono::microseconds(1));
    store::update_stream(transaction, *current);
    auto data = told(*current);
    data["Reason"] = current->reason;
    const auto event = record_of_nobody(transaction, now, {}, current->organization,
                                        "AuditLog.StreamDisabledBySystem", stream.id.text(), std::move(data));
    tell_administrators(transaction, now, *current, event);
    return std::monostate{};
  });
}

}  // namespace latchkey::authority
