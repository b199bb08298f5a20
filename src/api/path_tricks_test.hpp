// For tests only: the table of test/path_tricks.txt, which the contract tests send through real proxies too.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace latchkey::api {

struct PathTrick {
  std::string target;
  bool readable = false;  // it is /admin in another spelling; otherwise it must have no reading
};

inline std::vector<PathTrick> path_tricks() {
  auto folder = std::filesystem::current_path();
  while (!std::filesystem::exists(folder / "test/path_tricks.txt") && folder != folder.root_path())
    folder = folder.parent_path();
  std::ifstream file(folder / "test/path_tricks.txt");
  EXPECT_TRUE(file) << "run this inside the checkout";
  std::vector<PathTrick> tricks;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto blank = line.find(' ');
    tricks.push_back({line.substr(blank + 1), line.substr(0, blank) == "closed"});
  }
  return tricks;
}

}  // namespace latchkey::api
