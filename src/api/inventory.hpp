// How the inventory of tokens is asked and told: for its own routes and for revocations. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <optional>

#include "api/route.hpp"
#include "authority/inventory.hpp"

namespace latchkey::api {

// The filters, of a query or of a body's object. Refusals name the field.
[[nodiscard]] authority::InventoryAsked inventory_filters(const Call& call);
[[nodiscard]] authority::InventoryAsked inventory_filters(const boost::json::object& match);

// The organization of the URL; none: the server.
[[nodiscard]] authority::Place place_of(const Call& call);
[[nodiscard]] boost::json::object owner_shape(const store::User& user);

}  // namespace latchkey::api
