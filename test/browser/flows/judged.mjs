// SPDX-License-Identifier: Apache-2.0
// What Lighthouse finds that does not depend on the machine's speed; script/bench lighthouse measures the rest.
import assert from "node:assert/strict";
import { judge } from "../lighthouse.mjs";

export default {
  async "Lighthouse finds nothing to say on accessibility and practices"(visit) {
    const { server } = visit;
    await visit.signIn();
    await visit.createToken("Judged");
    const [{ name, value }] = await visit.context.cookies();
    for (const [path, cookie] of [["/_signin", undefined], [`/${server.organization}/_usersSettings/tokens`, `${name}=${value}`]]) {
      for (const [category, { score, faults }] of Object.entries(await judge(server.url + path, ["accessibility", "best-practices"], cookie))) {
        assert.ok(score >= 95, `${path}: ${category} ${score}: ${faults.join("; ")}`);
      }
    }
  },
};
