// The shapes of answers (Azure DevOps'): a JSON value, a list, an error; and plain text for Git. Pure; any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace latchkey::api {

[[nodiscard]] http::Response json_answer(const boost::json::value& value, int status = 200);
// {"count":N,"value":[…]}, or the bare array where the caller's Accept says noArrayWrap=true.
[[nodiscard]] http::Response list_answer(const http::Request& request, boost::json::array values);
[[nodiscard]] http::Response no_content();
[[nodiscard]] http::Response text_answer(int status, std::string_view text);

// The name of an error on the wire: its key, and the namespace that makes the key a full type name.
struct ErrorType {
  std::string_view key, space;
};
// `field`: what of the request is meant; empty: nothing in particular.
[[nodiscard]] http::Response error_answer(int status, const ErrorType& type, std::string_view message,
                                          std::string_view field = {});

}  // namespace latchkey::api
