// Matching: which row of the table a request is for. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.hpp"

namespace latchkey::api {

struct Match {
  enum class Outcome : std::uint8_t {
    found = 1,
    no_such_path,
    wrong_method,   // the path is there: `allow` names the methods that are
    wrong_service,  // of a path of Git's: neither service is asked for, or not exactly one
  };
  Outcome outcome = Outcome::no_such_path;
  const Route* route = nullptr;  // where found
  Captures captures;
  std::string allow;  // "GET, POST"
};

// The first row that fits. HEAD is taken for GET. `service`: the one `service` parameter of the query, else
// empty. `html`: whoever asks takes HTML; else the rows of browsers are not there.
[[nodiscard]] Match find_route(std::span<const Route> rows, http::Method method,
                               std::span<const std::string> segments, std::string_view service,
                               bool html = false);

// The paths that a template stands for: each optional segment with and without.
[[nodiscard]] std::vector<std::string> spelled_paths(std::string_view path);
[[nodiscard]] std::string_view method_name(http::Method method) noexcept;

}  // namespace latchkey::api
