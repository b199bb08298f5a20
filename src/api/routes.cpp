// SPDX-License-Identifier: Apache-2.0
#include "api/route.hpp"

namespace latchkey::api {

const std::vector<Route>& routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> rows;
    for (const auto area : {server_routes(), forward_auth_routes(), session_routes(), user_routes(),
                            organization_routes(), location_routes(), token_routes(), token_page_routes(),
                            token_hint_routes(), notice_routes(), project_routes(), repository_routes(),
                            build_routes(), introspection_routes(), git_routes(), page_routes()})
      rows.insert(rows.end(), area.begin(), area.end());
    return rows;
  }();
  return all;
}

}  // namespace latchkey::api
