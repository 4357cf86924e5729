// A browser that sends Global Privacy Control, with the real program: its visitor is asked and answered as any other, and
// neither its pages nor its campaign and referrer are anywhere in what is kept.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parts, withBrowser } from "../tests/browser.mjs";
import { team } from "./acme.mjs";
import { start } from "./usher.mjs";

const held = withBrowser();
const flow = `flow: talk
title: Talk
languages: [en]
show: { pages: ["/pricing"] }
fields:
  seats: { type: number, min: 1, label: Seats }
  source: { from: utm.source }
steps:
  - { id: size, ask: seats, say: How many people will use it? }
  - { id: when, ask: name, say: What is your name? }
  - { id: bye, end: nurture, say: "Bye {{ name }}." }
`;
// What the browser tells of itself, and what is seen of it: an address with a campaign, a referrer, a title, an event, another page.
const marks = ["marked-source", "marked-campaign", "marked-referrer", "Pricing — Shelfwise", "marked-event", "/docs", "Help — Shelfwise", "marked-second"];

const property = (context) => context.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true }));
const header = (context) => context.setExtraHTTPHeaders({ "Sec-GPC": "1" });
const noSockets = (context) => context.addInitScript(() => delete window.WebSocket);

for (const [name, { settings, kept }] of Object.entries({
  "the property, by socket": { settings: [property], kept: false },
  "the property, where sockets are blocked": { settings: [property, noSockets], kept: false },
  "the header, where sockets are blocked": { settings: [header, noSockets], kept: false },
  "neither, and so everything is kept": { settings: [], kept: true },
})) {
  test(`Global Privacy Control: ${name}`, async (t) => {
    const usher = await start(t, { files: { "talk.yaml": flow, "team.yaml": team() } });
    const context = await held.browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce" });
    context.setDefaultTimeout(15_000);
    t.after(() => context.close());
    for (const set of settings) await set(context);
    const page = await context.newPage();
    await page.goto(usher.url + "/pricing?utm_source=marked-source&utm_campaign=marked-campaign", { referer: "https://marked-referrer.example/" });
    assert.match(await page.evaluate(() => document.referrer), /marked-referrer/);
    const w = parts(page);
    const say = async (text) => {
      await w.field.fill(text);
      await w.field.press("Enter");
    };
    await w.launcher.click();
    await page.getByText("How many people will use it?").waitFor();
    await page.evaluate(() => window.Usher.track("marked-event"));
    await say("250");
    await page.getByText("What is your name?").waitFor();

    await page.goto(usher.url + "/docs?utm_campaign=marked-second");
    await w.launcher.click();
    await page.getByText("What is your name?").waitFor();
    await say("Priya");
    await page.getByText("Bye Priya.").waitFor();

    await usher.kill("SIGTERM");
    const [conversation] = await usher.rows("select state from conversation");
    const state = JSON.parse(conversation.state);
    assert.deepEqual([state.end, state.timezone, state.visit.gpc], ["nurture", "Europe/Berlin", kept ? undefined : true]);
    const files = readdirSync(usher.data, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    const all = files.map((f) => readFileSync(join(f.parentPath, f.name), "utf8")).join("\n") + usher.log();
    assert.ok(all.includes("Priya"), "what was said is kept");
    const found = marks.filter((mark) => all.includes(mark));
    if (!kept) assert.deepEqual(found, []);
    else assert.deepEqual(["marked-source", "marked-campaign", "marked-referrer", "marked-event", "/docs"].filter((mark) => !found.includes(mark)), []);
  });
}
