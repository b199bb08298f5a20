// SPDX-License-Identifier: Apache-2.0
// What one chooses of notices, the calendar of one's tokens, by which server mail is sent, and a link for a new password.
import assert from "node:assert/strict";
import { settled } from "../world.mjs";

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
    await visit.go("/_forgot");
    await page.getByText("Ask an administrator: they can make a link").waitFor();
    await visit.go("/_signin");
    await page.getByText("An administrator can send you a link").waitFor();
    assert.equal(await page.getByRole("link", { name: "Forgot your password?" }).count(), 0);
  },

  async "by which server mail is sent is said on the page of mail, and holds at once"(visit) {
    const { page, server } = visit;
    visit.expect(/status of 400/);
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/mail`);
    const save = () => visit.button("Save").click();
    await save();
    await page.getByText("Fill this in.").first().waitFor();
    await page.getByRole("textbox", { name: /^Server/ }).fill("10.1.2.3");
    await page.getByLabel("Mails come from").fill("latchkey@example.com");
    await save();
    await page.getByText("The mail server is in a private network.").waitFor();
    await page.getByRole("textbox", { name: /^Server/ }).fill("127.0.0.1");
    await page.getByLabel("Port").fill(String(server.mailPort));
    await page.getByLabel("Encryption").selectOption("never");
    await save();
    await page.getByText("Saved. The next mail goes by this server.").waitFor();
    await visit.button("Send me a test mail").click();
    await page.getByText(`The mail server took a mail to ${server.user}.`).waitFor();
    await visit.mailed(/Mail works/);
    await page.getByRole("textbox", { name: "User" }).fill("latchkey");
    await page.getByRole("textbox", { name: "Password" }).fill("a mail password");
    await save();
    await page.getByText("Saved.").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Password" }).inputValue(), "", "it is not shown again");
    await page.getByText("Empty: the saved one stays.").waitFor();
    await page.getByRole("textbox", { name: /^Server/ }).fill("localhost");
    await save();
    await page.getByText("The password must be given again").waitFor();
    await visit.button("Send no mail").click();
    await visit.button("Send no mail", visit.dialog).click();
    await visit.closed();
    await page.getByText("No mail is sent.").waitFor();
    assert.equal(await page.getByLabel("Mails come from").inputValue(), "");
  },

  async "who forgot the password takes another by a mailed link"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.api("POST", "/_apis/latchkey/users", { email: "rut@example.com", displayName: "Rut Aas", password: "a password that is lost", organization: server.organization, role: "contributor" });
    await visit.sendMail();
    await visit.context.clearCookies();
    await visit.go("/_signin");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await visit.button("Send the link").click();
    await page.getByText("Enter your email address.").waitFor();
    await page.getByLabel("Email").fill("nobody@example.com");
    await page.keyboard.press("Enter");
    const said = await page.getByRole("status").textContent();
    await page.getByRole("link", { name: "Back to the sign-in" }).click();
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("Email").fill("rut@example.com");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByRole("status").textContent(), said, "whoever is named");
    const link = await visit.mailed(/(\S+\/_password#\S+)/);
    await page.goto(link);
    await page.getByText("rut@example.com").waitFor();
    assert.ok(!page.url().includes("#"), "the code leaves the address bar");
    await page.getByText("Your tokens go on working.").waitFor();
    await page.getByLabel(/New password/).fill("short");
    await page.keyboard.press("Enter");
    await page.locator("[aria-invalid=true]").waitFor();
    await page.getByLabel(/New password/).fill("a password that is found");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Personal access tokens" }).waitFor();
    await visit.mailed(/Your password was changed/);
    visit.expect(/status of 404/);
    await page.goto(link);
    await settled(page);
    await page.getByText("A link works once, for an hour").waitFor();
    await page.getByRole("link", { name: "Ask for another link" }).click();
    await page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
    await page.goto(new URL("/_password", server.url).href);
    await page.getByRole("heading", { name: "Open the link again" }).waitFor();
    await visit.signIn(visit.context, "rut@example.com", "a password that is found");
    await visit.signIn();
    await visit.api("DELETE", "/_apis/latchkey/mail/settings");
  },
};
