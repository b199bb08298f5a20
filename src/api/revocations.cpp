// Revoking many tokens as an administrator, and bans. Each route of revocations is there for an organization
// and for the server.
// SPDX-License-Identifier: Apache-2.0
#include "authority/revocations.hpp"

#include "api/envelope.hpp"
#include "api/fields.hpp"
#include "api/inventory.hpp"
#include "api/revocations.hpp"
#include "authority/bans.hpp"
#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_default = 50, page_max = 100;

std::string_view state_name(store::RevocationState state) {
  switch (state) {
    case store::RevocationState::running:
      return "running";
    case store::RevocationState::done:
      return "done";
    case store::RevocationState::failed:
      return "failed";
  }
  return "";
}

std::vector<TokenId> token_ids(const json::object& body) {
  std::vector<TokenId> ids;
  for (const auto& text : texts_field(body, "ids")) {
    const auto id = TokenId::parse(text);
    if (!id) refuse_value("ids", "must be the ids of tokens");
    ids.push_back(*id);
  }
  if (ids.size() > authority::named_most) refuse_value("ids", "may name 10000 tokens at once");
  return ids;
}

http::Response start(Call& call) {
  const auto body = call.body();
  const auto reason = text_field(body, "reason").value_or("");
  const auto ids = token_ids(body);
  const auto* match = find_field(body, "match");
  if (ids.empty() == (match == nullptr)) refuse_value("ids", "or match must be given, and not both");
  if (match != nullptr && !match->is_object()) refuse_value("match", "must be an object of filters");
  const auto started =
      match != nullptr
          ? authority::start_revocation(call.api.authority, call.actor, place_of(call),
                                        inventory_filters(match->get_object()), reason)
          : authority::start_revocation(call.api.authority, call.actor, place_of(call), ids, reason);
  return json_answer(revocation_shape(started), 202);
}

http::Response list(Call& call) {
  std::optional<RevocationId> after;
  if (const auto text = call.parameter("after"); text && !text->empty()) {
    after = RevocationId::parse(*text);
    if (!after) refuse_value("after", "must be the next of the page before");
  }
  const auto listed =
      authority::list_revocations(call.api.authority, call.actor, place_of(call), after,
                                  number_parameter(call, "top", 1, page_max).value_or(page_default));
  json::array jobs;
  for (const auto& job : listed.jobs) jobs.push_back(revocation_shape(job));
  json::object page{{"count", jobs.size()}, {"value", std::move(jobs)}};
  if (listed.more) page["next"] = listed.jobs.back().job.id.text();
  return json_answer(page);
}

http::Response show(Call& call) {
  return json_answer(revocation_shape(authority::show_revocation(
      call.api.authority, call.actor, place_of(call), id_capture<RevocationId>(call, "revocationId"))));
}

http::Response ban(Call& call) {
  authority::ban_token(call.api.authority, call.actor, call.organization->id,
                       id_capture<TokenId>(call, "tokenId"));
  return no_content();
}

http::Response end_ban(Call& call) {
  authority::end_ban(call.api.authority, call.actor, call.organization->id,
                     id_capture<TokenId>(call, "tokenId"));
  return no_content();
}

constexpr Route row(http::Method method, std::string_view path, Handler handler) {
  return {.method = method, .path = path, .callers = Callers::session, .handler = handler};
}

using http::Method;
constexpr Route rows[] = {
    row(Method::get, "/{organization}/_apis/latchkey/revocations", list),
    row(Method::post, "/{organization}/_apis/latchkey/revocations", start),
    row(Method::get, "/{organization}/_apis/latchkey/revocations/{revocationId}", show),
    row(Method::get, "/_apis/latchkey/revocations", list),
    row(Method::post, "/_apis/latchkey/revocations", start),
    row(Method::get, "/_apis/latchkey/revocations/{revocationId}", show),
    row(Method::put, "/{organization}/_apis/latchkey/bans/{tokenId}", ban),
    row(Method::delete_, "/{organization}/_apis/latchkey/bans/{tokenId}", end_ban),
};

}  // namespace

json::object revocation_shape(const authority::RevocationShown& shown) {
  const store::Revocation& job = shown.job;
  json::object shape{{"id", job.id.text()},
                     {"state", state_name(job.state)},
                     {"total", job.total},
                     {"done", job.done},
                     {"createdAt", iso8601(job.created_at)},
                     {"createdBy", owner_shape(shown.created_by)}};
  if (!job.reason.empty()) shape["reason"] = job.reason;
  if (job.finished_at) shape["finishedAt"] = iso8601(*job.finished_at);
  return shape;
}

std::span<const Route> revocation_routes() noexcept { return rows; }

}  // namespace latchkey::api
