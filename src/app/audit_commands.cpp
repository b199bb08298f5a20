// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iostream>

#include "app/audit_chain.hpp"
#include "app/command.hpp"
#include "app/json_text.hpp"
#include "app/session.hpp"
#include "app/table.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

struct ListOptions {
  std::string from, until, actor, area, category, text, subject;
  int top = 50;
  bool server = false, json = false;
};
struct ExportOptions {
  std::string format = "jsonl", output;
  bool server = false;
};
struct VerifyOptions {
  std::string file, head;
};

// A path of the signed-in user's organization, or of the server.
std::string path_at(const SignedIn& server, bool whole, const std::string& path) {
  return whole ? path : server.at(path);
}

std::string query_of(const ListOptions& options) {
  std::string query = "?api-version=7.2-preview.1&batchSize=" + std::to_string(options.top);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) query.append("&").append(name).append("=").append(percent_encoded(value));
  };
  add("startTime", options.from);
  add("endTime", options.until);
  add("actor", options.actor);
  add("area", options.area);
  add("category", options.category);
  add("q", options.text);
  add("subject", options.subject);
  return query;
}

// A page may be short without being the last: asked on until it is whole.
json::array entries_of(const SignedIn& server, const ListOptions& options) {
  const auto path = path_at(server, options.server, "/_apis/audit/auditlog" + query_of(options));
  json::array entries;
  std::string token;
  for (;;) {
    const auto answer =
        server.call("GET", token.empty() ? path : path + "&continuationToken=" + percent_encoded(token));
    for (auto& entry : list_at(answer, "decoratedAuditLogEntries")) {
      if (std::cmp_greater_equal(entries.size(), options.top)) return entries;
      entries.push_back(std::move(entry));
    }
    token = text_at(answer, "continuationToken");
    if (token.empty()) return entries;
  }
}

ExitCode list(const ListOptions& options) {
  const SignedIn server;
  const auto entries = entries_of(server, options);
  if (options.json) {
    print_json(json::object{{"count", entries.size()}, {"value", entries}});
    return ExitCode::done;
  }
  std::vector<Row> rows{{"TIME", "ACTOR", "ADDRESS", "ACTION", "DETAILS"}};
  for (const auto& entry : entries)
    rows.push_back({text_at(entry, "timestamp"), text_at(entry, "actorUPN"), text_at(entry, "ipAddress"),
                    text_at(entry, "actionId"), text_at(entry, "details")});
  std::cout << table(rows);
  return ExitCode::done;
}

ExitCode export_chain(const ExportOptions& options) {
  const SignedIn server;
  const auto format = options.format == "csv" ? ChainFormat::csv : ChainFormat::json_lines;
  std::ofstream file;
  if (!options.output.empty()) file.open(options.output, std::ios::binary | std::ios::trunc);
  std::ostream& out = options.output.empty() ? std::cout : file;
  std::string after = "0", last;
  for (bool first = true; !after.empty(); first = false) {
    const auto page = server.call(
        "GET", path_at(server, options.server, "/_apis/latchkey/audit/chain?top=5000&after=" + after));
    if (first) out << chain_head(format, page);
    out << chain_lines(format, page);
    if (const auto links = list_at(page, "value"); !links.empty())
      last = text_at(links.back(), "position") + ":" + text_at(links.back(), "digest");
    after = text_at(page, "next");
  }
  if (!out.flush()) throw Failure(ExitCode::refused, "can't write " + options.output);
  std::cerr << "the head is " << last << '\n';
  return ExitCode::done;
}

ExitCode verify(const VerifyOptions& options) {
  std::optional<store::AuditHead> head;
  if (!options.head.empty() && !(head = parse_audit_head(options.head)))
    throw Failure(ExitCode::usage, "--head is POSITION:DIGEST, as latchkey audit export tells it");
  std::ifstream file(options.file, std::ios::binary);
  if (!file) throw Failure(ExitCode::refused, "can't read " + options.file);
  const auto verdict = verify_chain(file, head);
  if (!verdict.broken.empty()) throw Failure(ExitCode::refused, verdict.broken);
  std::cout << "whole: " << verdict.events << " events, from position " << verdict.begin.position + 1
            << " to " << verdict.end.position;
  if (verdict.sealed > 0) std::cout << ", " << verdict.sealed << " of them others', by digest alone";
  std::cout << "\nbegins after " << verdict.begin.position << ":" << hex(verdict.begin.digest.bytes())
            << "\nthe head is " << verdict.end.position << ":" << hex(verdict.end.digest.bytes()) << '\n';
  if (!head)
    std::cout << "Whether events are missing at its end, only a later head tells: --head POSITION:DIGEST\n";
  return ExitCode::done;
}

void declare_list(CLI::App& command, ListOptions& options) {
  command.add_option("--from", options.from, "not before this time (ISO 8601)");
  command.add_option("--until", options.until, "before this time");
  command.add_option("--actor", options.actor, "the id of the user who did it");
  command.add_option("--area", options.area, "as in Token");
  command.add_option("--category", options.category, "access, create, execute, modify or remove");
  command.add_option("--text", options.text, "part of the details or the actor's name");
  command.add_option("--subject", options.subject, "the id of what it is about");
  command.add_option("--top", options.top, "how many, the latest first (50)")->check(CLI::Range(1, 1000));
  command.add_flag("--server", options.server, "of the whole server, for its administrators");
  command.add_flag("--json", options.json, "print the API's JSON");
}

}  // namespace

void add_audit_commands(CLI::App& app, Chosen& chosen) {
  CLI::App& audit = *app.add_subcommand("audit", "lists, exports and verifies who did what");
  audit.require_subcommand(1);
  audit.footer("Example:\n  latchkey audit list --area Token");
  add_command<ListOptions>(audit, chosen, "list", "lists events, the latest first",
                           "latchkey audit list --from 2026-11-24 --text revoked", declare_list, list);
  add_command<ExportOptions>(
      audit, chosen, "export",
      "writes the events with all that verifying them needs, and tells the chain's head; of an organization, "
      "others' events are there by digest alone",
      "latchkey audit export --server --output audit.jsonl",
      [](CLI::App& command, ExportOptions& options) {
        command.add_option("--format", options.format, "jsonl or csv (jsonl)")
            ->check(CLI::IsMember({"jsonl", "csv"}));
        command.add_option("--output", options.output, "the file (standard output)");
        command.add_flag("--server", options.server, "of the whole server, for its administrators");
      },
      export_chain);
  add_command<VerifyOptions>(
      audit, chosen, "verify",
      "checks an export without a server, and names the first broken link: every event that was changed, "
      "removed, doubled or moved. That events are missing at the end shows only with a later head, kept "
      "elsewhere (an earlier export's, or a stream's): give it with --head",
      "latchkey audit verify audit.jsonl --head 1841:2c26b46b…",
      [](CLI::App& command, VerifyOptions& options) {
        command.add_option("FILE", options.file, "what latchkey audit export wrote")->required();
        command.add_option("--head", options.head, "POSITION:DIGEST that the export has to hold");
      },
      verify);
}

}  // namespace latchkey::app
