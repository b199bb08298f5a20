// Migrations: how the schema came to be, step by step. Numbered, forward only, one transaction each; a number
// that was delivered is never changed again. SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/time.hpp"
#include "store/connection.hpp"

namespace latchkey::store {

// Brings the database to the newest schema, under the lock for writing. Throws Error{broken} with a sentence
// for the operator when the database was made by a newer version.
void migrate(Connection& connection, Time now);

}  // namespace latchkey::store
