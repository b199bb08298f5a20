// SPDX-License-Identifier: Apache-2.0
// What a person waits for: the script that is fetched until the list of tokens is shown.
import assert from "node:assert/strict";

const budget = 200 * 1024;  // gzip; the goal is 180

export default {
  async "weight: the list of tokens is shown with little script"(visit) {
    await visit.signIn();
    await visit.createToken("weighed");
    const scripts = new Set();
    visit.page.on("response", (answer) => {
      if (answer.request().resourceType() === "script") scripts.add(answer.url());
    });
    await visit.go(`/${visit.server.organization}/_usersSettings/tokens`);
    await visit.page.getByText("weighed").first().waitFor();
    assert.ok(scripts.size > 0, "no script was seen");
    let bytes = 0;
    for (const url of scripts) {
      const answer = await visit.context.request.get(url, { headers: { "Accept-Encoding": "gzip" } });
      assert.equal(answer.headers()["content-encoding"], "gzip", url);
      bytes += Number(answer.headers()["content-length"]);
    }
    console.log(`        ${(bytes / 1024).toFixed(1)} KB of script in ${scripts.size} files`);
    assert.ok(bytes <= budget, `${bytes} bytes of script until the list is shown`);
  },
};
