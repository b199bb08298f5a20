// SPDX-License-Identifier: Apache-2.0
#include "api/envelope.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

bool wants_bare_array(const http::Request& request) {
  std::string accept(request.head.field("accept").value_or(""));
  for (char& c : accept) c = ascii_lower(c);
  return accept.contains("noarraywrap=true");
}

}  // namespace

http::Response json_answer(const boost::json::value& value, int status) {
  return {.status = status,
          .content_type = "application/json; charset=utf-8",
          .fields = {},
          .body = boost::json::serialize(value)};
}

http::Response list_answer(const http::Request& request, boost::json::array values) {
  if (wants_bare_array(request)) return json_answer(std::move(values));
  const auto count = values.size();
  return json_answer(boost::json::object{{"count", count}, {"value", std::move(values)}});
}

http::Response no_content() { return {.status = 204, .content_type = {}, .fields = {}, .body = {}}; }

http::Response text_answer(int status, std::string_view text) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .fields = {},
          .body = std::string(text) + "\n"};
}

http::Response error_answer(int status, const ErrorType& type, std::string_view message,
                            std::string_view field) {
  std::string type_name(type.space);
  type_name.append(".").append(type.key).append(", ").append(type.space);
  boost::json::object error{{"$id", "1"},          {"innerException", nullptr},
                            {"message", message},  {"typeName", type_name},
                            {"typeKey", type.key}, {"errorCode", 0},
                            {"eventId", 3000}};
  if (!field.empty()) error["field"] = field;
  return json_answer(std::move(error), status);
}

}  // namespace latchkey::api
