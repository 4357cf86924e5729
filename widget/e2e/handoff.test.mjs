// The whole handoff with the real program: a visitor on the demo page, a rep on the rehearsal's Slack page.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parts, withBrowser } from "../tests/browser.mjs";
import { start } from "./usher.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const held = withBrowser();
const output = fileURLToPath(new URL("../output/", import.meta.url));
mkdirSync(output, { recursive: true });
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function open(t, address, settings) {
  const context = await held.browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...settings });
  context.setDefaultTimeout(20_000);
  t.after(() => context.close());
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() == "error" && problems.push(message.text()));
  await page.goto(address);
  return { page, problems, ...parts(page) };
}

// violations are what axe finds on a page: which rule, where.
async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run());
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`);
}

// answer types the next answers, each after its question.
async function answer(w, ...answers) {
  for (const [question, words] of answers) {
    await w.bubbles.getByText(question).last().waitFor();
    await w.field.fill(words);
    await w.field.press("Enter");
  }
}

for (const [name, settings] of Object.entries({ desktop, phone })) {
  test(`a visitor asks for a person, a rep on a ${name} joins from Slack and leaves, and the bot books`, async (t) => {
    const usher = await start(t, { command: ["slack", "rehearse"], wanted: ["url", "slack"] });
    const w = await open(t, usher.url + "/pricing", desktop);
    await w.launcher.click();
    await w.option("Book a demo").click();
    await answer(w, ["How many people will use it?", "about 250"], ["When would you like to start?", "This month"], ["What budget", "10k"], ["Which company", "BigCo"], ["Which work e-mail", "priya@bigco.example"]);
    await w.page.locator(".chip").first().waitFor();
    await answer(w, ["Which time suits you?", "can I talk to a person?"]);

    const rep = await open(t, usher.slack, settings);
    const { page } = rep;
    const shot = (what) => page.screenshot({ path: `${output}slack-${name}-${what}.png` });
    const room = page.locator("#messages");
    const thread = page.locator("#answers");
    const list = async () => name == "phone" && page.locator("#to-list").click();
    const card = room.locator("li").filter({ hasText: "priya@bigco.example" });
    await card.waitFor();
    await shot("card");
    await list();
    const [owner] = /Asha|Ben/.exec(await card.textContent());
    await page.locator("#me").selectOption({ label: await page.locator("#me option", { hasText: owner }).textContent() });
    if (name == "phone") await page.locator(".side li button[aria-current]").click();
    await card.getByRole("button", { name: "Claim", exact: true }).click();
    await card.getByText("has it since").waitFor();
    await card.getByRole("button", { name: "Join", exact: true }).click();
    await card.getByText("talks with the visitor in this thread").waitFor();
    await card.locator(".replies").click();
    await thread.getByText("This thread is live.").waitFor();

    const write = async (text) => {
      await page.getByRole("textbox", { name: "Answer in the thread" }).fill(text);
      await page.getByRole("button", { name: "Send" }).last().click();
    };
    await write(`Hello, this is ${owner}. What can I do?`);
    await w.bubbles.getByText(`Hello, this is ${owner}.`).waitFor();
    await write("// a note for us alone");
    await w.field.fill("Do you have <single> sign-on & SAML?");
    await w.field.press("Enter");
    await thread.getByText("Do you have <single> sign-on & SAML?").waitFor();
    await write("Yes, both.");
    await w.bubbles.getByText("Yes, both.").waitFor();
    await shot("live");
    assert.deepEqual(await violations(page), []);
    await w.page.screenshot({ path: `${output}slack-${name}-visitor.png` });
    assert.equal(await w.bubbles.getByText("a note for us alone").count(), 0);
    await thread.getByRole("button", { name: "Leave" }).last().click();
    await thread.getByText("the bot goes on").waitFor();

    await w.page.locator(".chip").first().click();
    await w.bubbles.getByText("See you").waitFor();
    await shot("booked");
    assert.deepEqual([...w.problems, ...rep.problems], []);
    await usher.kill("SIGTERM");
    const rows = await usher.rows("select status, attendee from meeting");
    assert.deepEqual(rows, [{ status: "confirmed", attendee: "priya@bigco.example" }]);
  });
}
