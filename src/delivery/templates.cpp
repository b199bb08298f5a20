// SPDX-License-Identifier: Apache-2.0
#include "delivery/templates.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <kainjow/mustache.hpp>
#include <optional>
#include <stdexcept>

#include "base/mutex.hpp"
#include "delivery/message.hpp"

namespace latchkey::delivery {
namespace {

using kainjow::mustache::mustache;

constexpr std::array<std::string_view, 46> known_names{"actor",
                                                       "address",
                                                       "agent",
                                                       "at",
                                                       "button_text",
                                                       "button_url",
                                                       "by_command_line",
                                                       "by_git_credential_manager",
                                                       "by_load_test",
                                                       "by_oauth_client",
                                                       "by_service_hook",
                                                       "by_teams",
                                                       "count",
                                                       "days",
                                                       "detail_url",
                                                       "edit_url",
                                                       "fingerprint",
                                                       "from_address",
                                                       "from_agent",
                                                       "home_url",
                                                       "host",
                                                       "lead",
                                                       "link_text",
                                                       "link_url",
                                                       "list_url",
                                                       "machine",
                                                       "made_address",
                                                       "made_at",
                                                       "made_by_api",
                                                       "made_by_client",
                                                       "made_by_command_line",
                                                       "made_in_portal",
                                                       "moot",
                                                       "name",
                                                       "note",
                                                       "notices_url",
                                                       "old_secret_until",
                                                       "organization",
                                                       "owner",
                                                       "password_url",
                                                       "policy",
                                                       "reason",
                                                       "recipient",
                                                       "refuse_from",
                                                       "regenerate_url",
                                                       "revocable"};
constexpr std::array<std::string_view, 27> more_names{
    "account", "ending",      "forgot_url",    "full",        "good_until", "instead",     "inventory_url",
    "live",    "oversee_url", "owner_address", "reset_url",   "rests_at",   "revoke_from", "revoke_url",
    "scopes",  "several",     "stream",        "streams_url", "title",      "token",       "unused",
    "used",    "used_at",     "uses",          "uses_known",  "valid_to",   "when"};
// What the fields of a kind's file became: made here, escaped already.
constexpr std::array<std::string_view, 7> made{"button_text", "button_url", "lead", "link_text",
                                               "link_url",    "note",       "title"};

template <class Names>
bool has(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw std::runtime_error("the mail template " + file + " can't be used: " + why);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// One tag: "{{#name}}" has '#', "{{{name}}}" '{', a plain one ' '.
struct Tag {
  char sigil = ' ';
  std::string_view name;
};
// Takes the text up to the first tag, and that, off `rest`; no tag: there is none left.
std::optional<Tag> next_tag(std::string_view& rest, std::string_view& before, const std::string& file) {
  const auto open = rest.find("{{");
  before = rest.substr(0, open);
  if (open == rest.npos) return {};
  const bool triple = rest.substr(open).starts_with("{{{");
  const auto close = rest.find(triple ? "}}}" : "}}", open);
  if (close == rest.npos) refuse(file, "a tag has no end");
  auto name = trimmed(rest.substr(open + (triple ? 3 : 2), close - open - (triple ? 3 : 2)));
  rest.remove_prefix(close + (triple ? 3 : 2));
  Tag tag{.sigil = triple ? '{' : ' ', .name = name};
  if (!triple && !name.empty() && std::string_view("#^/!&>=").contains(name.front()))
    tag = {.sigil = name.front(), .name = trimmed(name.substr(1))};
  return tag;
}

void check(std::string_view text, const std::string& file, bool shell) {
  std::string_view rest = text, before;
  while (const auto tag = next_tag(rest, before, file)) {
    const std::string name(tag->name);
    if (tag->sigil == '!') continue;
    if (tag->sigil == '>' || tag->sigil == '=')
      refuse(file,
             std::string("it may have names and sections alone, not {{").append(1, tag->sigil).append(name) +
                 "}}");
    if (!has(known_names, name) && !has(more_names, name)) refuse(file, "there is no \"" + name + "\"");
    if (tag->sigil == '&' || (tag->sigil == '{' && !(shell && has(made, name))))
      refuse(file, "\"" + name + "\" would not be escaped: write {{" + name + "}}");
  }
  const mustache parsed{std::string(text)};
  if (!parsed.is_valid()) refuse(file, parsed.error_message());
}

std::string html_escaped(const std::string& text) { return kainjow::mustache::html_escape(text); }

// For HTML's sake: text that a file has between its tags, and *words* that stand out.
std::string marked_up(std::string_view text, const std::string& file, bool html) {
  constexpr std::string_view strong = R"(<strong class="strong" style="color:#242424">)";
  std::string out;
  bool open = false;
  for (std::string_view before, rest = text, from = text;; from = rest) {
    const auto tag = next_tag(rest, before, file);
    for (const char c : html ? html_escaped(std::string(before)) : std::string(before)) {
      if (c != '*')
        out += c;
      else if (open = !open; html)
        out += open ? strong : "</strong>";
    }
    if (!tag) break;
    out += from.substr(before.size(), from.size() - before.size() - rest.size());
  }
  if (open) refuse(file, "a * has no second one");
  return out;
}

std::string for_text(const std::string& text) { return isolated_line(text); }
std::string for_attribute(const std::string& text) { return html_escaped(plain_line(text)); }
std::string for_sentence(const std::string& text) { return "<bdi>" + for_attribute(text) + "</bdi>"; }

std::string one_blank(std::string_view text) {
  std::string out;
  for (const char c : trimmed(text))
    if (c != ' ' || !out.ends_with(' ')) out += c;
  return out;
}

// Sections that are not there leave empty lines.
std::string one_empty_line(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\n' || !out.ends_with("\n\n")) out += c;
  return out;
}

// A field of a kind's file, for both forms.
class Field {
 public:
  Field(std::string_view text, const std::string& file, std::string (*html_escape)(const std::string&))
      : html_(marked_up(text, file, true)), text_(marked_up(text, file, false)) {
    html_.set_custom_escape(html_escape);
    text_.set_custom_escape(for_text);
  }
  [[nodiscard]] std::string html(const kainjow::mustache::data& data) {
    return one_blank(html_.render(data));
  }
  [[nodiscard]] std::string text(const kainjow::mustache::data& data) {
    return one_blank(text_.render(data));
  }

 private:
  mustache html_, text_;
};

using Fields = std::map<std::string, Field, std::less<>>;  // by what they are made into, and "subject"

// "Name: text"; a line that begins with a blank goes on.
std::map<std::string, std::string, std::less<>> lines_of(std::string_view content, const std::string& file) {
  std::map<std::string, std::string, std::less<>> lines;
  std::string* last = nullptr;
  while (!content.empty()) {
    const auto line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(content.size(), line.size() + 1));
    if (trimmed(line).empty()) continue;
    if (line.front() == ' ' && last != nullptr) {
      last->append(" ").append(trimmed(line));
      continue;
    }
    const auto colon = line.find(':');
    const std::string name(line.substr(0, colon));
    if (colon == line.npos || !has(std::array{"Subject", "Title", "Lead", "Note", "Button", "Link"}, name))
      refuse(file, "a line is none of Subject:, Title:, Lead:, Note:, Button: and Link:");
    last = &lines.insert_or_assign(name, trimmed(line.substr(colon + 1))).first->second;
  }
  for (const char* needed : {"Subject", "Title", "Lead"})
    if (!lines.contains(needed)) refuse(file, std::string("it has no ") + needed + ":");
  return lines;
}

void add_action(Fields& fields, const std::string& action, const std::string& text, const std::string& file) {
  constexpr std::string_view arrow = " -> ";
  const auto at = text.rfind(arrow);
  if (at == text.npos) refuse(file, "a Button or Link is words -> {{…_url}}");
  fields.emplace(action + "_text", Field(text.substr(0, at), file, for_attribute));
  fields.emplace(action + "_url", Field(text.substr(at + arrow.size()), file, for_attribute));
}

Fields read_kind(std::string_view content, const std::string& file) {
  Fields fields;
  for (const auto& [name, text] : lines_of(content, file)) {
    check(text, file, false);
    if (name == "Button")
      add_action(fields, "button", text, file);
    else if (name == "Link")
      add_action(fields, "link", text, file);
    else if (name == "Subject")
      fields.emplace("subject", Field(text, file, for_attribute));
    else if (name == "Title")
      fields.emplace("title", Field(text, file, for_attribute));
    else
      fields.emplace(name == "Lead" ? "lead" : "note", Field(text, file, for_sentence));
  }
  return fields;
}

std::string content_of(const BuiltIn& built_in, const std::filesystem::path& directory, std::string& file) {
  file = std::string(built_in.name);
  const auto path = directory / built_in.name;
  if (directory.empty() || !std::filesystem::exists(path)) return std::string(built_in.content);
  file = path.string();
  std::ifstream in(path, std::ios::binary);
  std::string content(std::istreambuf_iterator(in), {});
  if (!in || content.empty()) refuse(file, "it can't be read, or is empty");
  return content;
}

// A file of a mistyped name would replace nothing, unseen.
void check_directory(const std::filesystem::path& directory) {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const auto name = entry.path().filename().string();
    const bool is_template = entry.path().extension() == ".txt" || entry.path().extension() == ".html";
    if (is_template &&
        std::ranges::find(built_in_templates(), name, &BuiltIn::name) == built_in_templates().end())
      refuse(entry.path().string(), "no template has that name");
  }
  if (failed) throw std::runtime_error("can't read the directory of mail templates " + directory.string());
}

kainjow::mustache::data data_of(const Values& values) {
  kainjow::mustache::data data;
  for (const auto& [name, value] : values.texts)
    if (!value.empty() && !has(made, name)) data.set(name, value);
  kainjow::mustache::data uses{kainjow::mustache::data::type::list};
  for (const auto& [agent, address] : values.uses) {
    kainjow::mustache::data use;
    use.set("agent", agent);
    use.set("address", address);
    uses << use;
  }
  data.set("uses", uses);
  return data;
}

}  // namespace

struct Templates::Files {
  Mutex mutex;  // rendering keeps its state in the template
  std::optional<mustache> html LATCHKEY_GUARDED_BY(mutex), text LATCHKEY_GUARDED_BY(mutex);
  std::map<std::string, Fields, std::less<>> kinds LATCHKEY_GUARDED_BY(mutex);
};

Templates::Templates(const std::filesystem::path& directory) : files_(std::make_unique<Files>()) {
  const Lock lock(files_->mutex);
  if (!directory.empty()) check_directory(directory);
  for (const BuiltIn& built_in : built_in_templates()) {
    std::string file;
    const auto content = content_of(built_in, directory, file);
    if (built_in.name.starts_with("shell.")) {
      check(content, file, true);
      const bool html = built_in.name.ends_with(".html");
      (html ? files_->html : files_->text)
          .emplace(content)
          .set_custom_escape(html ? for_attribute : for_text);
    } else {
      files_->kinds.emplace(built_in.name.substr(0, built_in.name.find('.')), read_kind(content, file));
    }
  }
}

Templates::~Templates() = default;

Letter Templates::render(std::string_view kind, const Values& values, bool moot) const {
  const Lock lock(files_->mutex);
  Fields& fields = files_->kinds.find(kind)->second;
  auto html = data_of(values), text = data_of(values);
  const auto base = data_of(values);
  for (auto& [name, field] : fields) {
    if (moot && (name.starts_with("button") || name.starts_with("link"))) continue;
    html.set(name, field.html(base));
    text.set(name, field.text(base));
  }
  return {.subject = fields.find("subject")->second.text(base),
          .text = one_empty_line(files_->text->render(text)),
          .html = files_->html->render(html)};
}

}  // namespace latchkey::delivery
