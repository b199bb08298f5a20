// Asking about the credentials of others: POST /oauth/introspect (RFC 7662), POST /_apis/latchkey/verify.
// For services that take Latchkey's tokens and keep no copy of what it knows. Answered from memory on the
// reactor. Texts that are asked about appear in no answer; those that the asker's own token does not reach
// are told like texts that we never issued.
// SPDX-License-Identifier: Apache-2.0
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serializer.hpp>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/verifier.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::size_t credentials_max = 1000;  // of one call: a millisecond of its reactor

[[noreturn]] void refuse_unavailable() {
  throw Refusal(RefusalCode::unavailable, "The server cannot decide now. Repeat the request.");
}

// The one `token` of a form. What a client library adds to it (token_type_hint, client_id) counts for
// nothing.
Secret presented(std::string_view form) {
  Secret token;
  int times = 0;
  if (auto parameters = http::split_query(form))
    for (auto& [name, value] : *parameters) {
      Secret text(std::move(value));
      if (name != "token") continue;
      token = std::move(text);
      ++times;
    }
  if (times == 1) return token;
  throw Refusal(RefusalCode::malformed_request,
                "Send one token as a form: token=…, with Content-Type: application/x-www-form-urlencoded.");
}

http::Response introspect(Verifier& verifier, const Digest& caller, const http::Request& request) {
  const Secret text = presented(request.body);
  const auto pin = verifier.pin();
  verify::Names names;
  const auto verdict = verifier.inquire(pin, request, caller, text.reveal(), names);
  if (std::holds_alternative<verify::Unavailable>(verdict)) refuse_unavailable();
  const auto* principal = std::get_if<verify::Principal>(&verdict);
  if (principal == nullptr) return json_answer(json::object{{"active", false}});
  return json_answer(json::object{
      {"active", true},
      {"token_type", "Bearer"},
      {"username", names.account},
      {"scope", token::scope_ids(principal->scopes)},
      {"sub", principal->user.text()},
      {"exp", std::chrono::floor<std::chrono::seconds>(principal->valid_to).time_since_epoch().count()}});
}

std::string_view told_reason(verify::Reason reason) {
  return verify::name(verify::is_unknown(reason) ? verify::Reason::unknown : reason);
}

json::object told(const verify::Principal& principal, const verify::Names& names,
                  const json::storage_ptr& storage) {
  json::object answer(storage);
  answer.reserve(7);
  answer.emplace("accepted", true);
  answer.emplace("fingerprint", principal.fingerprint.text());
  answer.emplace("user", principal.user.text());
  answer.emplace("account", names.account);
  if (!names.organization.empty()) answer.emplace("organization", names.organization);
  answer.emplace("scope", token::scope_ids(principal.scopes));
  answer.emplace("expires", iso8601(principal.valid_to));
  return answer;
}

json::object told(const verify::Refused& refused, const json::storage_ptr& storage) {
  json::object answer(storage);
  answer.reserve(4);
  answer.emplace("accepted", false);
  answer.emplace("reason", told_reason(refused.reason));
  if (refused.fingerprint != token::Fingerprint()) answer.emplace("fingerprint", refused.fingerprint.text());
  if (refused.since) answer.emplace("since", iso8601(*refused.since));
  return answer;
}

// Each answer is a tree in the same few hundred bytes: as one tree, a thousand of them spend most of their
// time on page faults. REQUIRES: not Unavailable.
void append_told(std::string& out, const verify::Verdict& verdict, const verify::Names& names) {
  std::array<unsigned char, 2048> memory;
  json::monotonic_resource storage(memory.data(), memory.size());
  const auto* principal = std::get_if<verify::Principal>(&verdict);
  const json::object answer = principal != nullptr ? told(*principal, names, &storage)
                                                   : told(std::get<verify::Refused>(verdict), &storage);
  json::serializer serializer;
  serializer.reset(&answer);
  std::array<char, 1024> piece;
  while (!serializer.done()) out.append(serializer.read(piece.data(), piece.size()));
}

// Memory that texts are read into.
class Scratch {
 public:
  explicit Scratch(std::size_t size)
      : bytes_(size, '\0'), resource_(reinterpret_cast<unsigned char*>(bytes_.data()), size, {}) {}
  ~Scratch() { wipe(bytes_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] json::storage_ptr storage() noexcept { return &resource_; }

 private:
  std::string bytes_;
  json::monotonic_resource resource_;
};

const json::array& credentials_of(const json::object& body) {
  const auto* field = find_field(body, "credentials");
  if (field == nullptr || !field->is_array()) refuse_value("credentials", "must be a list of tokens");
  const auto& list = field->get_array();
  if (list.size() > credentials_max)
    refuse_value("credentials",
                 "must be at most " + std::to_string(credentials_max) + "; make several calls");
  return list;
}

http::Response verify_all(Verifier& verifier, const Digest& caller, const http::Request& request) {
  Scratch scratch(2 * request.body.size() + 4096);
  const json::object body = parse_object(request.body, scratch.storage());
  const auto& credentials = credentials_of(body);
  std::string answers;
  answers.reserve(256 * (credentials.size() + 1));
  answers.append("{\"count\":").append(std::to_string(credentials.size())).append(",\"value\":[");
  for (const auto& credential : credentials) {
    if (!credential.is_string()) refuse_value("credentials", "must hold texts alone");
    const auto pin = verifier.pin();
    verify::Names names;
    const auto verdict = verifier.inquire(pin, request, caller, credential.get_string(), names);
    if (std::holds_alternative<verify::Unavailable>(verdict)) refuse_unavailable();
    if (&credential != &credentials.front()) answers += ',';
    append_told(answers, verdict, names);
  }
  answers += "]}";
  return {.status = 200,
          .content_type = "application/json; charset=utf-8",
          .fields = {},
          .body = std::move(answers)};
}

constexpr Route rows[] = {
    {.method = http::Method::post,
     .path = "/oauth/introspect",
     .callers = Callers::token,
     .scope = "latchkey.verify",
     .on_reactor = introspect,
     .form = true},
    {.method = http::Method::post,
     .path = "/_apis/latchkey/verify",
     .callers = Callers::token,
     .scope = "latchkey.verify",
     .on_reactor = verify_all},
};

}  // namespace

std::span<const Route> introspection_routes() noexcept { return rows; }

}  // namespace latchkey::api
