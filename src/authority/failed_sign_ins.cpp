// SPDX-License-Identifier: Apache-2.0
#include "authority/failed_sign_ins.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <variant>

#include "authority/audit.hpp"

namespace latchkey::authority {
namespace {

constexpr std::size_t addresses_max = 10;

void add_address(std::vector<std::string>& addresses, std::string_view address) {
  if (addresses.size() < addresses_max && std::ranges::find(addresses, address) == addresses.end())
    addresses.emplace_back(address);
}

}  // namespace

bool FailedSignIns::may_record(Time now, std::string_view address) {
  if (alone_.take(now, "", "")) return true;
  count(now, address);
  return false;
}

void FailedSignIns::count(Time now, std::string_view address) {
  const Lock lock(mutex_);
  if (counted_.count++ == 0) counted_.first = now;
  counted_.last = now;
  add_address(counted_.addresses, address);
}

std::optional<FailedSignIns::Counted> FailedSignIns::take() {
  const Lock lock(mutex_);
  if (counted_.count == 0) return std::nullopt;
  return std::exchange(counted_, {});
}

void FailedSignIns::give_back(const Counted& counted) {
  const Lock lock(mutex_);
  if (counted_.count == 0) counted_.last = counted.last;
  counted_.count += counted.count;
  counted_.first = counted.first;
  for (const auto& address : counted.addresses) add_address(counted_.addresses, address);
}

void record_failed_sign_ins(Authority& authority) {
  const auto counted = authority.failed_sign_ins.take();
  if (!counted) return;
  try {
    decide(authority, [&](store::Transaction& transaction) {
      record_of_nobody(
          transaction, authority.clock.now(), {}, {}, "Session.SignInsFailed", "",
          {{"Count", counted->count},
           {"FirstAt", iso8601(counted->first)},
           {"LastAt", iso8601(counted->last)},
           {"Addresses", boost::json::array(counted->addresses.begin(), counted->addresses.end())}});
      return std::monostate{};
    });
  } catch (...) {
    authority.failed_sign_ins.give_back(*counted);
    throw;
  }
}

}  // namespace latchkey::authority
