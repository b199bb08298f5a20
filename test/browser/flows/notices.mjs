// SPDX-License-Identifier: Apache-2.0
// What one chooses of notices, the calendar of one's tokens, by which server mail is sent, and a link for a new password; where an
// organization hears of its own.
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

  async "an organization's webhook is set, tested and removed, and its URL not shown again"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/notifications`);
    await visit.button("Set a webhook").click();
    await page.getByLabel("Format").selectOption({ label: "Slack" });
    await page.getByRole("textbox", { name: "URL" }).fill("http://receiver.invalid/services/T0000/B0000/0123456789abcd");
    visit.expect(/400/);
    await visit.button("Save").click();
    await page.getByText(/must begin with https/).waitFor();
    await page.getByRole("textbox", { name: "URL" }).fill("https://receiver.invalid/services/T0000/B0000/0123456789abcd");
    await visit.button("Save").click();
    const set = page.getByRole("group", { name: "Slack · receiver.invalid/…abcd" });
    await set.waitFor();
    await set.getByRole("button", { name: "Send a test message" }).click();
    await page.getByText("The webhook did not take the message.").waitFor();
    await page.getByText(/It said: Could not resolve host/).waitFor();
    await set.getByRole("button", { name: "Change" }).click();
    assert.equal(await page.getByRole("textbox", { name: "URL" }).inputValue(), "");
    await page.getByLabel("Format").selectOption({ label: "Microsoft Teams" });
    await visit.button("Save").click();
    await page.getByRole("group", { name: "Microsoft Teams · receiver.invalid/…abcd" }).waitFor();
    assert.equal((await page.content()).includes("0123456789"), false);
    await visit.button("Remove the webhook").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove the webhook" }).click();
    await page.getByText("No webhook").waitFor();
  },

  async "a mailbox for owners who can't be told says when there is no mail"(visit) {
    const { page, server } = visit;
    await visit.signIn();
    await visit.go(`/${server.organization}/_settings/notifications`);
    await visit.button("Set a mailbox").click();
    await page.getByRole("textbox", { name: "Email address" }).fill("security@example.com");
    await visit.button("Save").click();
    await page.getByRole("group", { name: "security@example.com" }).waitFor();
    await page.getByText("This server sends no mail, so nothing arrives there.").waitFor();
    await visit.button("Remove the mailbox").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove the mailbox" }).click();
    await page.getByText("No mailbox").waitFor();
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
