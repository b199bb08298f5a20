// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <string>

#include "api/match.hpp"
#include "api/route.hpp"

namespace latchkey::api {

const std::vector<Route>& routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> rows;
    for (const auto area : {server_routes(),      forward_auth_routes(),  session_routes(),
                            user_routes(),        organization_routes(),  location_routes(),
                            token_routes(),       token_page_routes(),    token_hint_routes(),
                            policy_routes(),      group_routes(),         allow_list_routes(),
                            token_admin_routes(), inventory_routes(),     revocation_routes(),
                            notice_routes(),      calendar_routes(),      audit_routes(),
                            stream_routes(),      mail_routes(),          organization_notice_routes(),
                            project_routes(),     repository_routes(),    build_routes(),
                            agent_routes(),       introspection_routes(), git_routes(),
                            page_routes()})
      rows.insert(rows.end(), area.begin(), area.end());
    return rows;
  }();
  return all;
}

std::string_view route_name(const Route& route) noexcept {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Route& row : routes())
      all.push_back(std::string(method_name(row.method)).append(" ").append(row.path));
    return all;
  }();
  const auto& rows = routes();
  const bool is_row = !std::less<>()(&route, rows.data()) && std::less<>()(&route, rows.data() + rows.size());
  return is_row ? std::string_view(names[static_cast<std::size_t>(&route - rows.data())])
                : std::string_view();
}

}  // namespace latchkey::api
