// SPDX-License-Identifier: Apache-2.0
#include "delivery/smtp.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>

#include "base/process.hpp"
#include "delivery/checked_sockets.hpp"

namespace latchkey::delivery {
namespace {

constexpr std::int64_t connect_seconds = 10, whole_seconds = 60;
constexpr std::size_t words_most = 2000;

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What a reply answers, as far as it matters.
enum class Stage : std::uint8_t { server = 1, recipient, content };

Stage stage_of(std::string_view command) {
  if (command.starts_with("RCPT ")) return Stage::recipient;
  return command.starts_with("DATA") ? Stage::content : Stage::server;
}

}  // namespace

std::string_view mail_tls_name(MailTls tls) noexcept {
  switch (tls) {
    case MailTls::required:
      return "required";
    case MailTls::offered:
      return "offered";
    case MailTls::never:
      break;
  }
  return "never";
}

Secret read_password(const std::filesystem::path& file) {
  const Descriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  struct stat found{};
  if (opened.get() < 0 || fstat(opened.get(), &found) != 0 || !S_ISREG(found.st_mode))
    throw std::runtime_error("can't read " + file.string());
  if ((found.st_mode & 077) != 0)
    throw std::runtime_error(file.string() + " must be its owner's alone: chmod 600");
  std::string text(1024, '\0');
  const auto got = read(opened.get(), text.data(), text.size());
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  Secret password(text.substr(0, text.find_first_of("\r\n")));
  wipe(text);
  if (password.empty()) throw std::runtime_error(file.string() + " has no password in its first line");
  return password;
}

struct Smtp::Talk {
  Talk(const MailServer& server, Secret password_of_user, const std::filesystem::path& authorities,
       std::string_view greeting, const authority::Outgoing* bounds)
      : url(server.url + "/" + std::string(greeting)),
        from("<" + server.from + ">"),
        user(server.user),
        ca(authorities.string()),
        tls(server.tls),
        password(std::move(password_of_user)) {
    if (bounds != nullptr) sockets.emplace(*bounds);
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl.get(), option, value) != CURLE_OK) throw std::bad_alloc();
  }
  void open() {
    static const auto initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
    curl.reset(curl_easy_init());
    if (!curl || initialized != CURLE_OK) throw std::bad_alloc();
    if (sockets) sockets->watch(curl.get());
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_MAIL_FROM, from.c_str());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_TIMEOUT, whole_seconds);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, detail.data());
    const std::int64_t use = tls == MailTls::required  ? CURLUSESSL_ALL
                             : tls == MailTls::offered ? CURLUSESSL_TRY
                                                       : CURLUSESSL_NONE;
    set(CURLOPT_USE_SSL, use);
    if (!ca.empty()) set(CURLOPT_CAINFO, ca.c_str());
    set(CURLOPT_READFUNCTION, &Talk::give);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, &Talk::hear);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
    set(CURLOPT_HEADERFUNCTION, &Talk::ignore);
    set(CURLOPT_WRITEFUNCTION, &Talk::ignore);
    if (user.empty()) return;
    std::string text(password.reveal());
    set(CURLOPT_USERNAME, user.c_str());
    set(CURLOPT_PASSWORD, text.c_str());  // curl keeps a copy of its own
    wipe(text);
  }

  static std::size_t give(char* to, std::size_t, std::size_t room, void* self) {
    auto& left = static_cast<Talk*>(self)->left;
    const auto size = left.copy(to, room);
    left.remove_prefix(size);
    return size;
  }
  static std::size_t ignore(const char*, std::size_t, std::size_t size, void*) { return size; }
  // Learns what the server's replies answer. A command may hold the password: only its first letters are
  // read.
  static int hear(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) {
    auto& talk = *static_cast<Talk*>(self);
    const std::string_view text(bytes, size);
    // A refusal ends the connection: what was said of the mail is what counts.
    if (type == CURLINFO_HEADER_OUT && text.starts_with("QUIT")) talk.over = true;
    if (talk.over) return 0;
    if (type == CURLINFO_HEADER_OUT) {
      talk.stage = stage_of(text);
      talk.said = false;
    }
    if (type == CURLINFO_HEADER_IN) talk.take_reply(text);
    return 0;
  }
  // A reply of several lines ends with the one that has no '-' behind its code.
  void take_reply(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (line.size() < 3) return;
    if (!reply_goes_on)
      words.clear();
    else
      words += ' ';
    words += words.empty() || line.size() < 4 ? line : line.substr(4);
    words.resize(std::min(words.size(), words_most));
    code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    reply_goes_on = line.size() > 3 && line[3] == '-';
    said = true;
  }

  [[nodiscard]] CURLcode perform(const std::string& recipient, std::string_view message) {
    if (!curl) open();
    left = message;
    stage = Stage::server;
    said = reply_goes_on = over = false;
    code = 0;
    words.clear();
    detail.front() = '\0';
    if (sockets) sockets->forget();
    const List to(curl_slist_append(nullptr, ("<" + recipient + ">").c_str()), &curl_slist_free_all);
    if (!to) throw std::bad_alloc();
    set(CURLOPT_MAIL_RCPT, to.get());
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    const auto result = curl_easy_perform(curl.get());
    set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
    return result;
  }
  // Of the last perform(): the connection had been kept from before.
  [[nodiscard]] bool was_kept() const {
    long made = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_NUM_CONNECTS, &made);
    return made == 0;
  }
  [[nodiscard]] Sent outcome(CURLcode result) const {
    using enum Sent::Outcome;
    if (result == CURLE_OK) return {.outcome = taken, .words = words};
    if (auto refusal = sockets ? sockets->refusal() : std::string(); !refusal.empty())
      return {.outcome = unreachable, .words = std::move(refusal)};
    if (said && code >= 400 && code != 421)
      return {.outcome = stage == Stage::server ? unreachable
                         : code >= 500          ? refused
                                                : put_off,
              .words = words};
    std::string why = detail.front() != '\0' ? detail.data() : curl_easy_strerror(result);
    if (!words.empty() && code >= 400) why = words;
    return {.outcome = unreachable, .words = std::move(why)};
  }

  const std::string url, from, user, ca;
  const MailTls tls;
  const Secret password;
  std::optional<CheckedSockets> sockets{};  // outlives the handle
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{nullptr, &curl_easy_cleanup};
  std::array<char, CURL_ERROR_SIZE> detail{};
  std::string_view left;
  Stage stage = Stage::server;
  bool said = false, reply_goes_on = false;  // `said`: something, since the last command
  bool over = false;                         // the connection is being ended
  int code = 0;
  std::string words;
};

Smtp::Smtp(const MailServer& server, Secret password, const std::filesystem::path& ca, std::string_view host,
           const authority::Outgoing* bounds)
    : talk_(std::make_unique<Talk>(server, std::move(password), ca, host, bounds)) {}
Smtp::~Smtp() = default;

Sent Smtp::send(const std::string& recipient, std::string_view message) {
  auto result = talk_->perform(recipient, message);
  // A server may end a connection that is kept, whenever it likes: that says nothing of the mail.
  if (result != CURLE_OK && talk_->was_kept() && talk_->stage != Stage::content &&
      (!talk_->said || talk_->code == 421))
    result = talk_->perform(recipient, message);
  return talk_->outcome(result);
}

void Smtp::rest() noexcept { talk_->curl.reset(); }

}  // namespace latchkey::delivery
