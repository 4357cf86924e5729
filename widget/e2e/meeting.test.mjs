// A meeting's page with the real program: save, move, cancel, in light and dark, on a phone, in Persian.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withBrowser } from "../tests/browser.mjs";
import { book, flow, team } from "./acme.mjs";
import { start } from "./usher.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const held = withBrowser();
const output = fileURLToPath(new URL("../output/", import.meta.url));
mkdirSync(output, { recursive: true });
const files = { "demo.yaml": flow, "team.yaml": team() };

const looks = {
  desktop: { viewport: { width: 1280, height: 900 }, locale: "en-GB" },
  "dark-phone": { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark", locale: "en-GB" },
  persian: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "fa-IR", timezoneId: "Asia/Tehran" },
  bangla: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "bn-BD", timezoneId: "Asia/Dhaka", javaScriptEnabled: false },
};
const wordsOf = {
  desktop: { move: "Change the time", take: "Take this time", moved: "at this time now", cancel: "Cancel the meeting", yes: "Yes, cancel it", cancelled: "Cancelled" },
  persian: { move: "تغییر زمان", take: "همین زمان", moved: "اکنون در این زمان", cancel: "لغو جلسه", yes: "بله، لغو شود", cancelled: "لغو شده" },
  bangla: { move: "সময় বদলান", take: "এই সময়টি নিন", moved: "এখন এই সময়ে", cancel: "মিটিং বাতিল করুন", yes: "হ্যাঁ, বাতিল করুন", cancelled: "বাতিল" },
};

async function context(t, settings) {
  const made = await held.browser.newContext({ timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...settings });
  made.setDefaultTimeout(15_000);
  t.after(() => made.close());
  return made;
}

// sound is that axe finds nothing, nothing is wider than the screen and the page breaks no policy of its own. A page
// without scripts is looked at by its picture alone.
async function sound(page, name, scripts) {
  await page.screenshot({ path: `${output}meeting-${name}.png`, fullPage: true });
  if (!scripts) return;
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, `${name} is wider than the screen`);
}

for (const [name, settings] of Object.entries(looks)) {
  test(`a visitor moves and cancels a meeting on its page: ${name}`, async (t) => {
    const usher = await start(t, { files });
    const scripts = settings.javaScriptEnabled !== false;
    const words = wordsOf[name] || wordsOf.desktop;
    const chat = await context(t, { ...settings, javaScriptEnabled: true });
    const w = await book(await chat.newPage(), usher.url);
    const booked = w.meeting();
    await w.launcher.page().screenshot({ path: `${output}meeting-${name}-card.png` });

    const page = await (await context(t, settings)).newPage();
    const problems = [];
    page.on("console", (message) => message.type() == "error" && problems.push(message.text()));
    assert.equal((await page.goto(booked.url)).status(), 200);
    assert.equal(await page.locator("time").first().getAttribute("datetime"), booked.start);
    await sound(page, `${name}-page`, scripts);

    await page.getByRole("link", { name: words.move }).click();
    await page.locator("details").first().waitFor();
    await sound(page, `${name}-times`, scripts);
    const last = page.locator("details[open] label").last();
    const start_ = await last.locator("input").getAttribute("value");
    await last.click();
    await page.getByRole("button", { name: words.take }).click();
    await page.getByRole("status").filter({ hasText: words.moved }).waitFor();
    assert.equal(await page.locator("time").first().getAttribute("datetime"), start_);
    await sound(page, `${name}-moved`, scripts);
    await w.launcher.page().locator(".card").nth(1).waitFor();

    await page.getByRole("link", { name: words.cancel }).click();
    await sound(page, `${name}-cancel`, scripts);
    await page.getByRole("textbox").fill("I am ill");
    await page.getByRole("button", { name: words.yes }).click();
    await page.locator(".status").getByText(words.cancelled, { exact: true }).waitFor();
    await page.getByText("I am ill").waitFor();
    await sound(page, `${name}-cancelled`, scripts);
    await w.launcher.page().locator(".card.off").filter({ hasText: words.cancelled }).waitFor(); // the chat says so, too
    assert.deepEqual(problems, []);

    await usher.kill("SIGTERM");
    const rows = await usher.rows("select uid, status, start_at, sequence from meeting where status != 'dropped'");
    assert.equal(rows.length, 1);
    assert.equal(rows[0].uid, booked.uid);
    assert.equal(rows[0].status, "cancelled");
    assert.equal(rows[0].start_at / 1000, Date.parse(start_));
  });
}

test("a time that was taken meanwhile, one too near, and a link that has run out are said kindly", async (t) => {
  const usher = await start(t, { files });
  const chat = await context(t, looks.desktop);
  const first = (await book(await chat.newPage(), usher.url)).meeting();
  const page = await chat.newPage();
  await page.goto(first.url);
  await page.getByRole("link", { name: "Change the time" }).click();
  const second = (await book(await (await context(t, looks.desktop)).newPage(), usher.url, "ben@other.example")).meeting();
  const taken = page.locator(`input[value="${second.start}"]`);
  await taken.evaluate((input) => input.closest("details").setAttribute("open", ""));
  await taken.check({ force: true });
  await page.getByRole("button", { name: "Take this time" }).click();
  await page.getByRole("alert").filter({ hasText: "has just been taken" }).waitFor();
  assert.equal(await page.locator(`input[value="${second.start}"]`).count(), 0);
  await sound(page, "taken", true);

  const ended = usher.link("/m/" + first.uid, "meeting", first.uid, Date.now() - 1000);
  assert.equal((await page.goto(ended)).status(), 410);
  assert.equal(await page.getByRole("link", { name: /Asha Rao/ }).getAttribute("href"), "mailto:asha@acme.example");
  await sound(page, "expired", true);
  assert.equal((await page.goto(ended.replace(/v2\.\d+/, "v2.99999999999"))).status(), 404);
  await sound(page, "missing", true);
});

test("a rep sees who comes, in dark and light", async (t) => {
  const usher = await start(t, { files });
  const booked = (await book(await (await context(t, { ...looks.desktop, timezoneId: "Asia/Kolkata" })).newPage(), usher.url)).meeting();
  for (const colorScheme of ["light", "dark"]) {
    const page = await (await context(t, { ...looks.desktop, colorScheme })).newPage();
    await page.goto(usher.link("/m/" + booked.uid, "rep", booked.uid, Date.parse(booked.end)));
    await page.getByRole("link", { name: "priya@bigco.example" }).waitFor();
    await page.getByText("Has not answered the invitation").waitFor();
    await sound(page, `rep-${colorScheme}`, true);
  }
});
