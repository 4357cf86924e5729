import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parts, until, withBrowser } from "../tests/browser.mjs";
import { start } from "./usher.mjs";

const held = withBrowser();
const output = fileURLToPath(new URL("../output/", import.meta.url));
mkdirSync(output, { recursive: true });

// What the visitor answers, by the field that is asked: a button, words, or the first time on offer.
const answers = {
  goal: { button: "Book a demo" },
  team_size: { words: "about 250" },
  when: { button: "This month" },
  budget: { words: "10k" },
  company: { words: "BigCo" },
  email: { words: "priya@bigco.example" },
  name: { words: "Priya Nair" },
  slot: { first: true },
};
const sizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

async function visitor(t, usher, settings) {
  const context = await held.browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...settings });
  context.setDefaultTimeout(15_000);
  t.after(() => context.close());
  const page = await context.newPage();
  const frames = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(JSON.parse(payload))));
  await page.goto(usher.url + "/pricing");
  return { page, context, frames, ...parts(page) };
}

const asked = ({ frames }) => frames.filter((f) => f.type == "message" && f.from == "bot" && f.ask).at(-1);

// answer replies to the open question and waits for what the bot says to it.
async function answer(w, shot) {
  const open = asked(w);
  const how = answers[open.ask.field];
  assert.ok(how, `the example asks for ${open.ask.field}`);
  let chosen;
  if (how.first) {
    chosen = open.ask.options[0];
    await w.page.locator(".chip").first().waitFor();
    await shot("times");
    await w.page.locator(".chip").first().click();
  } else if (how.button) {
    await w.option(how.button).click();
  } else {
    await w.field.fill(how.words);
    await w.field.press("Enter");
  }
  await until(() => w.frames.at(-1).type == "message" && w.frames.at(-1).from == "bot" && w.frames.at(-1).seq > open.seq, "the bot's answer");
  return chosen;
}

// meets opens the meeting's page and takes its calendar file.
async function meets({ context }, address) {
  const page = await context.newPage();
  const answer = await page.goto(address);
  assert.equal(answer.status(), 200);
  const file = await page.locator("a[href*='.ics']").first().getAttribute("href");
  const calendar = await context.request.get(new URL(file, address).href);
  assert.match(calendar.headers()["content-type"], /^text\/calendar/);
  assert.match(await calendar.text(), /BEGIN:VEVENT[^]*DTSTART/);
  await page.close();
}

for (const [name, settings] of Object.entries(sizes)) {
  test(`a visitor on a ${name} books a meeting, and it stands in the database`, async (t) => {
    const usher = await start(t);
    const w = await visitor(t, usher, settings);
    const shot = (what) => w.page.screenshot({ path: `${output}${name}-${what}.png` });
    await w.launcher.waitFor();
    await shot("closed");
    await w.launcher.click();
    await until(() => asked(w), "the first question");
    await w.option("Book a demo").waitFor();
    await shot("open");
    let slot;
    for (let i = 0; i < 12 && !slot; i++) slot = await answer(w, shot);
    assert.ok(slot, "times are offered");
    await w.bubbles.getByText("See you").waitFor();
    const link = w.page.getByRole("link", { name: "View, change or cancel" });
    await link.waitFor();
    await shot("booked");
    await meets(w, await link.getAttribute("href"));
    await usher.kill("SIGTERM");
    const rows = await usher.rows("select rep, start_at, end_at, status, attendee, timezone from meeting");
    assert.equal(rows.length, 1);
    const [row] = rows;
    assert.equal(row.status, "confirmed");
    assert.equal(row.attendee, "priya@bigco.example");
    assert.equal(row.timezone, "Europe/Berlin");
    assert.equal(row.start_at / 1000, Date.parse(slot.start));
    assert.equal(row.end_at / 1000, Date.parse(slot.end));
    const said = await usher.rows("select count(*) as n, count(distinct client) as ids from message where sender = 'visitor'");
    assert.equal(said[0].n, said[0].ids);
  });
}

test("a server that is killed and comes back gets what was written meanwhile, once", async (t) => {
  const usher = await start(t);
  const w = await visitor(t, usher, sizes.desktop);
  await w.launcher.click();
  await until(() => asked(w));
  await answer(w);
  await usher.kill("SIGKILL");
  await w.field.fill("about 250");
  await w.field.press("Enter");
  await w.state.getByText("No connection").waitFor();
  await usher.serve(new URL(usher.url).host);
  await w.bubbles.getByText("When would you like to start?").waitFor();
  await w.page.locator(".pending").waitFor({ state: "detached" });
  await usher.kill("SIGTERM");
  const rows = await usher.rows("select body from message where sender = 'visitor' order by seq");
  assert.deepEqual(rows.map((r) => r.body), ["Book a demo", "about 250"]);
});

test("where sockets are blocked a visitor talks to the real server over HTTP", async (t) => {
  const usher = await start(t);
  const context = await held.browser.newContext({ locale: "en-GB" });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.WebSocket = class {
      constructor() {
        throw new DOMException("blocked", "SecurityError");
      }
    };
  });
  await page.goto(usher.url + "/");
  const w = parts(page);
  await w.launcher.click();
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people will use it?").waitFor();
  await w.field.fill("25");
  await w.field.press("Enter");
  await w.bubbles.getByText("When would you like to start?").waitFor();
  await page.reload();
  await w.launcher.click();
  await w.option("This month").click();
  await w.bubbles.getByText("What budget").waitFor();
  await usher.kill("SIGTERM");
  const rows = await usher.rows("select count(distinct conversation) as n from message");
  assert.equal(rows[0].n, 1);
});

test("two tabs and a reload show the same conversation of the real server", async (t) => {
  const usher = await start(t);
  const w = await visitor(t, usher, sizes.desktop);
  await w.launcher.click();
  await until(() => asked(w));
  await answer(w);
  const page = await w.context.newPage();
  await page.goto(usher.url + "/product");
  const other = parts(page);
  await other.launcher.click();
  await other.bubbles.getByText("How many people will use it?").waitFor();
  await other.field.fill("about 250");
  await other.field.press("Enter");
  await w.bubbles.getByText("When would you like to start?").waitFor();
  await w.page.reload();
  await w.launcher.click();
  await w.option("This month").waitFor();
  await other.bubbles.getByText("When would you like to start?").waitFor();
  assert.deepEqual(await w.bubbles.allInnerTexts(), await other.bubbles.allInnerTexts());
});
