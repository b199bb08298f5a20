// SPDX-License-Identifier: Apache-2.0
// What one chooses of notices, and the calendar of one's tokens.
import assert from "node:assert/strict";

export default {
  async "what is mailed is chosen, but for what tells of others"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_usersSettings/notifications`);
    const soon = page.getByRole("switch", { name: "A token of yours ends soon" });
    assert.equal(await soon.isChecked(), true);
    const saved = page.waitForResponse((answer) => answer.url().endsWith("/notices/choices") && answer.request().method() === "PUT");
    await soon.click();
    assert.equal((await saved).status(), 204);
    assert.equal(await page.getByRole("switch", { name: /^Made, regenerated/ }).isDisabled(), true);
    await page.reload();
    await soon.waitFor();
    assert.equal(await soon.isChecked(), false);
    await soon.click();
    await page.locator("[role=switch][aria-label='A token of yours ends soon']:checked:enabled").waitFor();
  },

  async "a calendar's link opens until it is ended"(visit) {
    const { page, server, context } = visit;
    await visit.signIn();
    await visit.createToken("In the calendar");
    await visit.go(`/${server.organization}/_usersSettings/notifications`);
    await visit.button("Make a link").click();
    const link = await page.locator(".calendar-link").textContent();
    const calendar = await context.request.get(link);
    assert.equal(calendar.headers()["content-type"], "text/calendar; charset=utf-8");
    assert.match(await calendar.text(), /SUMMARY:Token “In the calendar” ends/);
    await page.reload();
    await visit.button("End the link").waitFor();
    assert.equal(await page.locator(".calendar-link").count(), 0, "it is shown once");
    await visit.button("End the link").click();
    await visit.button("Make a link").waitFor();
    assert.equal((await context.request.get(link)).status(), 404);
  },

  async "without a mail server the page of mail says so"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/mail`);
    await page.getByText("No mail is sent.").waitFor();
    assert.equal(await page.getByText("All mail was delivered").count(), 0);
  },
};
