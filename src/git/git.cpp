// SPDX-License-Identifier: Apache-2.0
#include "git/git.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#include "authority/projects.hpp"
#include "base/log.hpp"
#include "base/refusal.hpp"
#include "git/answer.hpp"
#include "git/hook.hpp"
#include "git/pushes.hpp"
#include "git/repositories.hpp"
#include "git/rules.hpp"
#include "git/slots.hpp"
#include "git/transfer.hpp"

namespace latchkey::git {

struct Git::State {
  State(authority::Authority& given_authority, Options given_options)
      : authority(given_authority),
        options(std::move(given_options)),
        repositories(options.data),
        slots(options.processes_max, options.processes_user_max) {}

  authority::Authority& authority;
  const Options options;
  const Repositories repositories;
  Slots slots;
  Pushes pushes;

  // Of one request. A coroutine, so its parameters are copies.
  static boost::asio::awaitable<void> answer(std::shared_ptr<State> state,
                                             std::shared_ptr<const GitRequest> request,
                                             std::shared_ptr<http::Exchange> exchange);
};

namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds advertise_limit = std::chrono::minutes(2);

bool is_push(const GitRequest& request) { return request.service == Service::receive_pack; }

// Whom only the pool can tell; shared with it, as the request may go meanwhile.
struct Identified {
  GitRequest request;
  std::optional<http::Response> refusal{};
};

// What is done on the pool before anything is streamed; shared with it, as the request may go meanwhile.
struct Opening {
  authority::Authority& authority;
  const Options& options;
  const Repositories& repositories;
  Pushes& pushes;
  std::shared_ptr<const GitRequest> request;
  std::string protocol;
  store::Repository repository;
  std::uint64_t pack_max = 0;
  std::optional<Pushes::Running> running;
  std::optional<Backend> backend;

  void run() {
    repository = authority::open_repository(authority, request->actor, request->organization,
                                            request->project, request->repository, is_push(*request));
    if (is_push(*request)) make_room();
    repositories.ensure(repository);
    if (is_push(*request) && request->step == GitRequest::Step::exchange)
      running.emplace(pushes, repository.id);
    backend.emplace(start_backend({.step = request->step,
                                   .service = request->service,
                                   .repository = repository.id,
                                   .user = request->actor.user,
                                   .protocol = protocol,
                                   .repositories = repositories.root(),
                                   .hooks = repositories.hooks(),
                                   .pack_max = pack_max}));
  }

  // One push can't eat up the reserve either, nor take the repository beyond its quota, but for what the
  // small objects of a small pack need more when they lie unpacked.
  void make_room() {
    const auto space = repositories.space();
    if (space <= options.free_reserve) {
      throw Refusal(RefusalCode::storage_full,
                    "The server's disk is nearly full, so it takes no pushes. Tell its administrator.");
    }
    pack_max = std::min(options.receive_max, space - options.free_reserve);
    if (!options.repository_quota) return;
    const auto quota = *options.repository_quota,
               size = static_cast<std::uint64_t>(repositories.size(repository.id));
    if (size >= quota)
      throw Refusal(RefusalCode::storage_full, "The repository is as large as this server lets one become (" +
                                                   std::to_string(quota >> 20) +
                                                   " MiB), so it takes no pushes. Ask its administrator.");
    pack_max = std::min(pack_max, quota - size);
  }
};

// Runs `job` on the pool; what it throws becomes the answer to it.
asio::awaitable<std::optional<http::Response>> refusal_of(http::Exchange& exchange,
                                                          std::move_only_function<void()> job) {
  try {
    co_await exchange.on_pool(std::move(job));
  } catch (const Refusal& refusal) {
    co_return refused(refusal);
  } catch (const store::Error& error) {
    log_error("a Git request failed", {{"error", error.what()}});
    co_return failed(error);
  } catch (const std::exception& error) {
    log_error("a Git request failed", {{"error", error.what()}});
    co_return plain(500, "The server failed. Tell its administrator; its log says why.");
  }
  co_return std::nullopt;
}

// Of the right to push, before refs move; of the token the transfer asks itself, at the last moment.
asio::awaitable<std::optional<std::string>> why_not_move(std::shared_ptr<Opening> opening,
                                                         std::shared_ptr<http::Exchange> exchange) {
  const auto refusal = co_await refusal_of(*exchange, [opening] {
    const auto& asked = *opening->request;
    static_cast<void>(authority::open_repository(opening->authority, asked.actor, asked.organization,
                                                 asked.project, asked.repository, true));
  });
  if (refusal) co_return "Nothing was changed: " + refusal->body.substr(0, refusal->body.find('\n'));
  co_return std::nullopt;
}

// All processes have ended.
asio::awaitable<void> end_push(std::shared_ptr<Opening> opening, std::shared_ptr<http::Exchange> exchange,
                               bool moved, bool killed) {
  const auto failure = co_await refusal_of(*exchange, [opening, moved, killed] {
    const auto& repositories = opening->repositories;
    const auto& id = opening->repository.id;
    std::vector<std::filesystem::path> left;
    opening->running->end(killed, [&](bool one_was_killed) {
      left = repositories.quarantines(id);
      if (one_was_killed) repositories.remove_ref_locks(id);
    });
    for (const auto& path : left) std::filesystem::remove_all(path);
    if (!moved) return;
    auto branch = repositories.settle_head(id);
    authority::record_push(opening->authority, opening->request->actor, id, std::move(branch),
                           repositories.size(id));
  });
  // The refs are what they are; only what lists show of the repository is behind until the next push.
  if (failure) log_warning("a push could not be recorded", {{"reason", failure->body}});
}

}  // namespace

asio::awaitable<void> Git::State::answer(std::shared_ptr<State> state,
                                         std::shared_ptr<const GitRequest> request,
                                         std::shared_ptr<http::Exchange> exchange) {
  const auto& head = exchange->request().head;
  if (request->identify) {
    const auto identified = std::make_shared<Identified>(*request);
    auto refusal = co_await refusal_of(
        *exchange, [identified] { identified->refusal = identified->request.identify(identified->request); });
    if (!refusal) refusal = std::move(identified->refusal);
    if (refusal) co_return co_await exchange->respond(std::move(*refusal));
    request = std::shared_ptr<const GitRequest>(identified, &identified->request);
  }
  if (auto broken = broken_rule(head, request->step, request->service)) {
    co_return co_await exchange->respond(std::move(*broken));
  }
  const auto slot = state->slots.take(request->actor.user);
  if (!slot)
    co_return co_await exchange->respond(
        try_again("Too many Git operations run at once. Try again in a moment."));

  const auto opening = std::make_shared<Opening>(state->authority, state->options, state->repositories,
                                                 state->pushes, request, std::string(git_protocol(head)));
  auto refusal = co_await refusal_of(*exchange, [state, opening] { opening->run(); });
  if (refusal) co_return co_await exchange->respond(std::move(*refusal));

  TransferOptions options{
      .step = request->step,
      .service = request->service,
      .pack_max = opening->pack_max,
      .limit = request->step == GitRequest::Step::advertise ? advertise_limit : state->options.exchange_limit,
      .may_move = [opening, exchange] { return why_not_move(opening, exchange); },
      .long_requests = state->authority.feed.long_requests(),
      .subjects = {.presented = request->presented,
                   .owner = request->actor.user,
                   .organization = request->organization},
      .still_good = request->still_good};
  const auto transfer =
      std::make_shared<Transfer>(exchange, std::move(*opening->backend), std::move(options));
  co_await transfer->run();
  if (opening->running) co_await end_push(opening, exchange, transfer->moved(), transfer->killed());
  co_await transfer->complete();
}

Git::Git(authority::Authority& authority, Options options)
    : state_(std::make_shared<State>(authority, std::move(options))) {
  write_hook(state_->repositories.hooks());
}

Git::~Git() = default;

void Git::sweep() {
  state_->repositories.sweep([this](const RepositoryId& id) {
    return state_->authority.store.read(
        [&](store::Transaction& transaction) { return store::find_repository(transaction, id).has_value(); });
  });
}

std::size_t Git::running() const { return state_->slots.taken(); }

http::Action Git::serve(GitRequest request) {
  auto shared = std::make_shared<const GitRequest>(std::move(request));
  return http::Stream{
      .fields = {},
      .run = [state = state_, shared = std::move(shared)](std::shared_ptr<http::Exchange> exchange) {
        asio::co_spawn(exchange->executor(), State::answer(state, shared, exchange),
                       [exchange](std::exception_ptr fault) {
                         if (!fault) return;
                         try {
                           std::rethrow_exception(fault);
                         } catch (const std::exception& error) {
                           log_error(
                               "a Git request failed",
                               {{"error", error.what()}, {"activity", exchange->request().activity.text()}});
                         }
                         exchange->abort();
                       });
      }};
}

}  // namespace latchkey::git
