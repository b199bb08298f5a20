// How a revocation job is told. Pool threads. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>

#include "authority/revocations.hpp"

namespace latchkey::api {

[[nodiscard]] boost::json::object revocation_shape(const authority::RevocationShown& shown);

}  // namespace latchkey::api
