// Templates: what mails are made of, as files that an operator may replace. shell.html and shell.txt are the
// frame of all; a file for each kind of notice (and of what is no notice) says in plain text, a field to a
// line, what differs: Subject, Title, Lead, Note, and as "words -> URL" Button and Link. *Words* stand out.
// Logic-less (Mustache): names and sections alone, and whatever a name stands for is escaped, on one line,
// and turns no writing direction.
//
// Everything is checked when it is read, so that no mail fails for its template. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey::delivery {

// What the names of a template stand for; one that is not there is empty, and no section.
struct Values {
  std::map<std::string, std::string, std::less<>> texts;
  std::vector<std::pair<std::string, std::string>> uses{};  // agent and address
};

struct Letter {
  std::string subject, text, html;
};

class Templates {
 public:
  // The built-in ones, but for those that `directory` (empty: none) has. Throws std::runtime_error with one
  // sentence that names the file: an unknown name or field, a section that is not closed, a value that would
  // not be escaped.
  explicit Templates(const std::filesystem::path& directory);
  ~Templates();
  Templates(const Templates&) = delete;
  Templates& operator=(const Templates&) = delete;

  // `kind`: a built-in file's name without its ending. `moot`: without Button and Link.
  [[nodiscard]] Letter render(std::string_view kind, const Values& values, bool moot = false) const;

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

// Each file by name, as it was when this was built.
struct BuiltIn {
  std::string_view name, content;
};
[[nodiscard]] const std::vector<BuiltIn>& built_in_templates();

}  // namespace latchkey::delivery
