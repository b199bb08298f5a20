// Goal: the server runs with exactly what its operator said, and says where a mistake is. Method: layers made
// from texts and from a map that stands for the environment; the effective settings and the error sentences
// are compared.
// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <gmock/gmock.h>

#include <array>

namespace latchkey::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Layer environment(const std::map<std::string, std::string>& variables) {
  return environment_layer([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

struct Read {
  Layer layer;
  std::vector<std::string> errors;
};
Read file(std::string_view toml) {
  Read read;
  read.layer = file_layer(toml, "/etc/latchkey/latchkey.toml", read.errors);
  return read;
}

std::vector<std::string> errors_of(const Layer& layer) {
  std::vector<std::string> errors;
  static_cast<void>(effective_settings(std::array{layer}, errors));
  return errors;
}

TEST(Settings, a_flag_wins_over_the_environment_and_that_over_the_file) {
  const Layer flags{{"listen", {{"127.0.0.1:1"}, "--listen"}}};
  const Layer variables =
      environment({{"LATCHKEY_LISTEN", "127.0.0.1:2"}, {"LATCHKEY_PUBLIC_URL", "https://two"}});
  const Read read =
      file("[server]\nlisten = \"127.0.0.1:3\"\npublic_url = \"https://three\"\naliases = [\"https://a\"]\n");
  ASSERT_THAT(read.errors, IsEmpty());
  std::vector<std::string> errors;
  const Settings settings = effective_settings(std::array{flags, variables, read.layer}, errors);
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(settings.listen.port, 1);
  EXPECT_EQ(settings.public_url, "https://two");
  EXPECT_THAT(settings.aliases, ElementsAre("https://a"));
}

TEST(Settings, without_any_source_it_listens_on_loopback_without_tls) {
  std::vector<std::string> errors;
  const Settings settings = effective_settings({}, errors);
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(settings.own_url(), "http://localhost:8080");
  EXPECT_FALSE(settings.tls);
}

TEST(Settings, own_url_names_the_scheme_and_leaves_out_its_usual_port) {
  Settings settings;
  settings.listen = {"::1", 443};
  settings.tls = {"c", "k"};
  EXPECT_EQ(settings.own_url(), "https://localhost");
  settings.listen = {"2001:db8::7", 8443};
  EXPECT_EQ(settings.own_url(), "https://[2001:db8::7]:8443");
}

TEST(Settings, lists_of_the_environment_are_separated_by_commas) {
  EXPECT_THAT(
      environment({{"LATCHKEY_TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.1"}}).at("trusted_proxies").values,
      ElementsAre("10.0.0.0/8", "192.0.2.1"));
}

TEST(Settings, every_error_of_the_file_is_told_with_its_line) {
  const Read read =
      file("[server]\nlistem = \"x\"\nlisten = 8080\naliases = \"https://a\"\n[post]\nsmtp = \"\"\n");
  EXPECT_THAT(read.errors, testing::UnorderedElementsAre(
                               HasSubstr("latchkey.toml, line 2: unknown setting \"listem\""),
                               HasSubstr("latchkey.toml, line 3: listen must be a text"),
                               HasSubstr("latchkey.toml, line 4: aliases must be a list"),
                               HasSubstr("latchkey.toml, line 5: unknown section or setting \"post\"")));
}

TEST(Settings, a_mail_server_is_named_whole_or_not_at_all) {
  const auto errors = [](std::string_view lines) {
    return errors_of(file("[mail]\n" + std::string(lines)).layer);
  };
  const std::string good = "smtp = \"smtp://mail.example.com:587\"\nfrom = \"latchkey@example.com\"\n";
  EXPECT_THAT(errors(good), IsEmpty());
  EXPECT_THAT(errors(good + "tls = \"required\"\n"), IsEmpty());
  EXPECT_THAT(errors("smtp = \"smtps://[2001:db8::1]\"\nfrom = \"a@b\"\n"), IsEmpty());
  EXPECT_THAT(errors(good + "tls = \"offered\"\n"),
              ElementsAre(HasSubstr("line 4: mail leaves this machine")));
  EXPECT_THAT(errors(good + "tls = \"maybe\"\n"),
              ElementsAre(HasSubstr("none of required, offered and never")));
  EXPECT_THAT(errors("from = \"a@b\"\n"), ElementsAre(HasSubstr("give smtp too")));
  EXPECT_THAT(errors("user = \"x\"\n"), ElementsAre(HasSubstr("give smtp too")));
  EXPECT_THAT(errors("ca = \"/nowhere.pem\"\ntemplates = \"/nowhere\"\n"),
              ElementsAre(HasSubstr("/nowhere.pem"), HasSubstr("/nowhere")))
      << "they hold for a server that administrators name too";
  EXPECT_THAT(errors("smtp = \"smtp://localhost\"\n"), ElementsAre(HasSubstr("give from too")));
  EXPECT_THAT(errors(good + "user = \"x\"\n"), ElementsAre(HasSubstr("together")));
  EXPECT_THAT(errors(good + "templates = \"/nowhere\"\n"), ElementsAre(HasSubstr("/nowhere")));
  for (const char* bad : {"mail.example.com", "http://mail.example.com", "smtp://", "smtp://user@mail",
                          "smtp://mail/x", "smtp://mail:70000", "smtp://mail:x", "smtp://mail example"})
    EXPECT_THAT(errors("from = \"a@b\"\nsmtp = \"" + std::string(bad) + "\"\n"),
                ElementsAre(HasSubstr("is no mail server")))
        << bad;
}

TEST(Settings, a_mail_server_is_shown_in_a_section_of_its_own) {
  const Layer layer = file(
                          "[server]\nmetrics_listen = \"127.0.0.1:1\"\n[mail]\nsmtp = "
                          "\"smtp://localhost:25\"\nfrom = \"a@b\"\ntls = "
                          "\"never\"\n")
                          .layer;
  std::vector<std::string> errors;
  const auto shown = show_settings(std::array{layer}, effective_settings(std::array{layer}, errors));
  EXPECT_THAT(shown, HasSubstr("[mail]\nsmtp = \"smtp://localhost:25\"  # latchkey.toml, line 4\nfrom = "));
  EXPECT_THAT(shown, HasSubstr("tls = \"never\""));
  EXPECT_THAT(file(shown).errors, IsEmpty());
}

TEST(Settings, a_file_that_is_no_toml_is_told_with_its_line) {
  EXPECT_THAT(file("[server]\n\nlisten = \n").errors, ElementsAre(HasSubstr("latchkey.toml, line 3: ")));
}

TEST(Settings, a_wrong_value_is_told_with_the_line_it_came_from) {
  const Read read = file("[server]\n\nlisten = \"nonsense\"\n");
  EXPECT_THAT(errors_of(read.layer),
              ElementsAre(HasSubstr("latchkey.toml, line 3: \"nonsense\" is no HOST:PORT")));
}

TEST(Settings, paths_of_the_file_are_relative_to_its_folder) {
  const Layer layer = file("[server]\ntls_certificate = \"c.pem\"\ntls_key = \"/k.pem\"\n").layer;
  EXPECT_THAT(layer.at("tls_certificate").values, ElementsAre("/etc/latchkey/c.pem"));
  EXPECT_THAT(layer.at("tls_key").values, ElementsAre("/k.pem"));
}

TEST(Settings, plain_http_stays_on_loopback_or_behind_a_named_proxy) {
  const Given outside{{"192.0.2.1:8080"}, "--listen"};
  EXPECT_THAT(errors_of({{"listen", outside}}),
              ElementsAre(HasSubstr("refusing to listen on 192.0.2.1 without TLS")));
  EXPECT_THAT(errors_of({{"listen", outside}, {"trusted_proxies", {{"192.0.2.0/24"}, ""}}}), IsEmpty());
  EXPECT_THAT(errors_of({{"metrics_listen", {{"0.0.0.0:9464"}, ""}}}), IsEmpty());
  EXPECT_THAT(errors_of({{"metrics_listen", {{"9464"}, "--metrics-listen"}}}),
              ElementsAre(HasSubstr("--metrics-listen: \"9464\" is no HOST:PORT")));
  EXPECT_THAT(errors_of({{"listen", outside}, {"tls_certificate", {{"c"}, ""}}, {"tls_key", {{"k"}, ""}}}),
              IsEmpty());
  EXPECT_THAT(errors_of({{"listen", {{"[::1]:8080"}, ""}}}), IsEmpty());
}

TEST(Settings, values_that_do_not_fit_are_refused) {
  const auto refused = [](const char* key, const char* value) {
    return !errors_of({{key, {{value}, "here"}}}).empty();
  };
  for (const char* listen : {"8080", ":8080", "host:", "host:65536", "::1:8080", "[host]:1", "h:1x"})
    EXPECT_TRUE(refused("listen", listen)) << listen;
  for (const char* url : {"host", "ftp://host", "https://host/a//b", "https://host/a%20b", "https://host/a;b",
                          "https://u:p@host", "https://host?q", "https://host/a?q", "https://"})
    EXPECT_TRUE(refused("public_url", url)) << url;
  for (const char* network : {"10.0.0.0/33", "10.0.0/8", "host", "::/129", "10.0.0.0/", ""})
    EXPECT_TRUE(refused("trusted_proxies", network)) << network;
  EXPECT_TRUE(refused("tls_key", "k"));
  EXPECT_TRUE(refused("listen", "0.0.0.0:80"));
}

TEST(Settings, a_repositorys_quota_is_a_number_of_mebibytes) {
  const auto quota = [](const std::string& toml) {
    std::vector<std::string> errors;
    const std::array layers{file_layer(toml, "/etc/latchkey.toml", errors)};
    const auto settings = effective_settings(layers, errors);
    return errors.empty() ? std::to_string(settings.repository_quota.value_or(0)) : errors.front();
  };
  EXPECT_EQ(quota(""), "0");
  EXPECT_EQ(quota("[git]\nrepository_quota_mib = 2048\n"), "2147483648");
  for (const auto* wrong : {"0", "-1", "4294967297"})
    EXPECT_THAT(quota(std::string("[git]\nrepository_quota_mib = ") + wrong + "\n"),
                HasSubstr("is no size in MiB"));
  EXPECT_THAT(quota("[git]\nrepository_quota_mib = \"1\"\n"), HasSubstr("line 2"));
}

TEST(Settings, days_before_an_end_are_some_of_the_steps_that_there_are) {
  const auto told = [](const std::string& toml) {
    std::vector<std::string> errors = file(toml).errors;
    const Settings settings = effective_settings(std::array{file(toml).layer}, errors);
    std::string days = errors.empty() ? "" : errors.front();
    for (const auto step : settings.told_before_end) days += " " + std::to_string(step.count());
    return days;
  };
  EXPECT_EQ(told(""), " 7");
  EXPECT_EQ(told("[notices]\ndays_before_end = [30, 1]\n"), " 30 1");
  EXPECT_EQ(told("[notices]\ndays_before_end = []\n"), "");
  EXPECT_THAT(told("[notices]\ndays_before_end = [30, 0]\n"), HasSubstr("may hold 30, 7, 3 and 1, not 0"));
  EXPECT_THAT(told("[notices]\ndays_before_end = [\"30\"]\n"), HasSubstr("a list of whole numbers"));
}

TEST(Settings, what_is_shown_reads_back_as_the_same) {
  const Layer layer =
      file(
          "[server]\nlisten = \"[::1]:8080\"\npublic_url = \"https://Git.Example.com/Tools/latchkey/\"\n"
          "aliases = [\"https://a:444\", \"http://b\"]\ntls_certificate = \"c\\\"\"\ntls_key = \"k\"\n"
          "[notices]\ndays_before_end = [3, 1]\n")
          .layer;
  std::vector<std::string> errors;
  const Settings settings = effective_settings(std::array{layer}, errors);
  const std::string shown = show_settings(std::array{layer}, settings);
  EXPECT_THAT(
      shown, HasSubstr("public_url = \"https://git.example.com/Tools/latchkey\"  # latchkey.toml, line 3\n"));
  const Read again = file(shown);
  EXPECT_THAT(again.errors, IsEmpty());
  EXPECT_EQ(show_settings(std::array{layer}, effective_settings(std::array{again.layer}, errors)), shown);
  EXPECT_THAT(errors, IsEmpty());
}

}  // namespace
}  // namespace latchkey::app
