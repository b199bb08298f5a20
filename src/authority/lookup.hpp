// How a request names a project or repository: by its name in any case, or by its id. What isn't there is
// not_found, the same as what the caller may not see. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "authority/authorize.hpp"
#include "authority/projects.hpp"
#include "base/ids.hpp"

namespace latchkey::store {
class Transaction;
}

namespace latchkey::authority {

// Lists that the wire does not page (clients read the first page only) end here.
inline constexpr std::int64_t list_longest = 10'000;

[[nodiscard]] store::Project project_in(store::Transaction& transaction, const OrganizationId& organization,
                                        std::string_view project);
// `project`: none where the repository is given by its id alone.
[[nodiscard]] std::optional<RepositoryShown> find_repository_in(store::Transaction& transaction,
                                                                const OrganizationId& organization,
                                                                std::optional<std::string_view> project,
                                                                std::string_view repository);
[[nodiscard]] RepositoryShown repository_in(store::Transaction& transaction,
                                            const OrganizationId& organization,
                                            std::optional<std::string_view> project,
                                            std::string_view repository);

// authorize() for an act on a project or repository, where the roles on the project count.
[[nodiscard]] store::Project project_for(store::Transaction& transaction, Time now, const Actor& actor,
                                         Act act, const OrganizationId& organization,
                                         std::string_view project);
[[nodiscard]] RepositoryShown repository_for(store::Transaction& transaction, Time now, const Actor& actor,
                                             Act act, const OrganizationId& organization,
                                             std::optional<std::string_view> project,
                                             std::string_view repository);

}  // namespace latchkey::authority
