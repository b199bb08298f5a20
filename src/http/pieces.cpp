// SPDX-License-Identifier: Apache-2.0
#include "http/pieces.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "base/log.hpp"
#include "http/exchange.hpp"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> send(std::shared_ptr<Exchange> exchange, std::shared_ptr<Response> response) {
  bool goes_on = co_await exchange->begin(*response);
  if (exchange->request().head.method == Method::head) response->more = [] { return std::string(); };
  while (goes_on) {
    goes_on = co_await exchange->write(response->body);
    std::move_only_function<void()> make = [response] { response->body = response->more(); };
    if (goes_on) co_await exchange->on_pool(std::move(make));
    if (goes_on && response->body.empty()) {
      co_await exchange->finish();
      co_return;
    }
  }
}

}  // namespace

Stream in_pieces(Response response) {
  auto shared = std::make_shared<Response>(std::move(response));
  return {.fields = {}, .run = [shared = std::move(shared)](std::shared_ptr<Exchange> exchange) {
            const auto executor = exchange->executor();
            const auto activity = exchange->request().activity;
            asio::co_spawn(executor, send(std::move(exchange), shared), [activity](std::exception_ptr fault) {
              if (!fault) return;
              try {
                std::rethrow_exception(fault);
              } catch (const std::exception& error) {
                log_error("an answer broke off", {{"activity", activity.text()}, {"error", error.what()}});
              }
            });
          }};
}

}  // namespace latchkey::http
