// Git's paths: smart HTTP, which git/ serves, and LFS, which says that it isn't here in the way its client
// shows.
// SPDX-License-Identifier: Apache-2.0
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/route.hpp"

namespace latchkey::api {
namespace {

http::Response lfs_answer(int status, std::string_view message) {
  return {.status = status,
          .content_type = "application/vnd.git-lfs+json",
          .fields = {},
          .body = boost::json::serialize(boost::json::object{{"message", message}})};
}

// git-lfs goes on silently after a 404 here, and shows the message of any other refusal.
http::Response no_locks(Call&) { return lfs_answer(404, "This server has no LFS locks."); }
http::Response no_lfs(Call&) {
  return lfs_answer(501, "This server does not store LFS objects. Point lfs.url at a server that does.");
}

constexpr std::string_view upload = "git-upload-pack", receive = "git-receive-pack";

constexpr Route git_row(http::Method method, std::string_view path, std::string_view scope,
                        std::string_view service, Handler handler = nullptr) {
  return {.method = method,
          .path = path,
          .callers = Callers::token,
          .scope = scope,
          .handler = handler,
          .git = true,
          .git_service = service};
}

using http::Method;
#define REPOSITORY "/{organization}/[{project}]/_git/{repository}"
constexpr Route rows[] = {
    git_row(Method::get, REPOSITORY "/info/refs", "vso.code", upload),
    git_row(Method::get, REPOSITORY "/info/refs", "vso.code_write", receive),
    git_row(Method::post, REPOSITORY "/git-upload-pack", "vso.code", upload),
    git_row(Method::post, REPOSITORY "/git-receive-pack", "vso.code_write", receive),
    git_row(Method::post, REPOSITORY "/info/lfs/locks/verify", "vso.code", {}, no_locks),
    git_row(Method::get, REPOSITORY "/info/lfs/{*path}", "vso.code", {}, no_lfs),
    git_row(Method::post, REPOSITORY "/info/lfs/{*path}", "vso.code", {}, no_lfs),
    git_row(Method::put, REPOSITORY "/info/lfs/{*path}", "vso.code", {}, no_lfs),
};
#undef REPOSITORY

}  // namespace

std::span<const Route> git_routes() noexcept { return rows; }

}  // namespace latchkey::api
