// Asking about the credentials of others: POST /oauth/introspect (RFC 7662), POST /_apis/latchkey/verify.
// For services that take Latchkey's tokens and keep no copy of what it knows. Answered from memory on the
// reactor. Texts that are asked about appear in no answer; those that the asker's own token does not reach
// are told like texts that we never issued. Who asks may say from which address a text was presented (RFC
// 7662 2.1 leaves room for it); where an organization takes texts from some networks alone, it has to.
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include <algorithm>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/verifier.hpp"
#include "base/network.hpp"
#include "base/refusal.hpp"
#include "base/secret.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::size_t credentials_max = 1000;  // of one call: a millisecond of its reactor

[[noreturn]] void refuse_unavailable() {
  throw Refusal(RefusalCode::unavailable, "The server cannot decide now. Repeat the request.");
}

std::string client_address(std::string_view field, std::string text) {
  if (!Network::parse_address(text)) refuse_value(field, "must be an IPv4 or IPv6 address");
  return text;
}

struct Asked {
  Secret token;
  std::string address;
};

// One `token` of a form, and from where it came. What a client library adds (token_type_hint, client_id)
// counts for nothing.
Asked asked(std::string_view form) {
  Asked asked;
  int times = 0, addresses = 0;
  if (auto parameters = http::split_query(form))
    for (auto& [name, value] : *parameters) {
      Secret text(std::move(value));
      if (name == "client_address" && ++addresses == 1)
        asked.address = client_address(name, std::string(text.reveal()));
      if (name != "token") continue;
      asked.token = std::move(text);
      ++times;
    }
  if (times == 1 && addresses <= 1) return asked;
  throw Refusal(
      RefusalCode::malformed_request,
      "Send one token as a form: token=…, with Content-Type: application/x-www-form-urlencoded, and "
      "client_address=… once at most.");
}

json::object active(const verify::Principal& principal, const verify::Names& names) {
  const auto end = std::chrono::floor<std::chrono::seconds>(principal.valid_to).time_since_epoch();
  return {{"active", true},
          {"token_type", "Bearer"},
          {"username", names.account},
          {"scope", token::scope_ids(principal.scopes)},
          {"sub", principal.user.text()},
          {"exp", end.count()}};
}

http::Response introspect(Verifier& verifier, const Digest& caller, const http::Request& request) {
  const auto [text, address] = asked(request.body);
  http::Response answer;
  const std::string_view texts[] = {text.reveal()};
  const auto tell = [&](const verify::Verdict& verdict, const verify::Names& names) {
    if (std::holds_alternative<verify::Unavailable>(verdict)) refuse_unavailable();
    const auto* principal = std::get_if<verify::Principal>(&verdict);
    answer = json_answer(principal != nullptr ? active(*principal, names) : json::object{{"active", false}});
  };
  verifier.inquire(request, caller, address, texts, tell);
  return answer;
}

std::string_view told_reason(verify::Reason reason) {
  return verify::name(verify::is_unknown(reason) ? verify::Reason::unknown : reason);
}

// A list of a thousand is written, not built as a tree first: that took longer than the verdicts.
class ListWriter {
 public:
  ListWriter(std::string& out, std::size_t count) : out_(out) {
    out_.reserve(256 * (count + 1));
    out_.append("{\"count\":").append(std::to_string(count)).append(",\"value\":[");
  }
  // REQUIRES: not Unavailable.
  void add(const verify::Verdict& verdict, const verify::Names& names) {
    if (out_.back() == '}') out_ += ',';
    if (const auto* principal = std::get_if<verify::Principal>(&verdict))
      tell(*principal, names);
    else
      tell(std::get<verify::Refused>(verdict));
    out_ += '}';
  }
  void finish() { out_ += "]}"; }

 private:
  void tell(const verify::Principal& principal, const verify::Names& names) {
    out_ += R"({"accepted":true)";
    field("fingerprint", principal.fingerprint.text());
    out_ += R"(,"user":")";
    principal.user.append_to(out_);
    out_ += '"';
    field("account", names.account);
    if (!names.organization.empty()) field("organization", names.organization);
    out_ += R"(,"scope":")";
    token::append_scope_ids(out_, principal.scopes);
    out_ += R"(","expires":")";
    append_iso8601(out_, principal.valid_to);
    out_ += '"';
  }
  void tell(const verify::Refused& refused) {
    out_ += R"({"accepted":false)";
    field("reason", told_reason(refused.reason));
    if (refused.fingerprint != token::Fingerprint()) field("fingerprint", refused.fingerprint.text());
    if (!refused.since) return;
    out_ += R"(,"since":")";
    append_iso8601(out_, *refused.since);
    out_ += '"';
  }
  void field(std::string_view name, std::string_view value) {
    out_.append(",\"").append(name).append("\":");
    const bool plain = std::ranges::all_of(
        value, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; });
    if (plain)
      out_.append("\"").append(value).append("\"");
    else
      out_ += json::serialize(json::string(value));
  }

  std::string& out_;
};

// Memory that texts are read into.
class Scratch {
 public:
  explicit Scratch(std::size_t size)
      : size_(size),
        bytes_(std::make_unique_for_overwrite<unsigned char[]>(size)),
        resource_(bytes_.get(), size, {}) {}
  ~Scratch() { explicit_bzero(bytes_.get(), size_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] json::storage_ptr storage() noexcept { return &resource_; }

 private:
  const std::size_t size_;
  std::unique_ptr<unsigned char[]> bytes_;
  json::monotonic_resource resource_;
};

std::vector<std::string_view> credentials_of(const json::object& body) {
  const auto* field = find_field(body, "credentials");
  if (field == nullptr || !field->is_array()) refuse_value("credentials", "must be a list of tokens");
  const auto& list = field->get_array();
  if (list.size() > credentials_max)
    refuse_value("credentials",
                 "must be at most " + std::to_string(credentials_max) + "; make several calls");
  std::vector<std::string_view> texts;
  texts.reserve(list.size());
  for (const auto& credential : list) {
    if (!credential.is_string()) refuse_value("credentials", "must hold texts alone");
    texts.emplace_back(credential.get_string());
  }
  return texts;
}

http::Response verify_all(Verifier& verifier, const Digest& caller, const http::Request& request) {
  Scratch scratch(2 * request.body.size() + 4096);
  const json::object body = parse_object(request.body, scratch.storage());
  const auto texts = credentials_of(body);
  std::string address;
  if (auto text = text_field(body, "clientAddress"))
    address = client_address("clientAddress", *std::move(text));
  http::Response answer{
      .status = 200, .content_type = "application/json; charset=utf-8", .fields = {}, .body = {}};
  ListWriter list(answer.body, texts.size());
  const auto tell = [&](const verify::Verdict& verdict, const verify::Names& names) {
    if (std::holds_alternative<verify::Unavailable>(verdict)) refuse_unavailable();
    list.add(verdict, names);
  };
  verifier.inquire(request, caller, address, texts, tell);
  list.finish();
  return answer;
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
