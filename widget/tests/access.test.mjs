import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { withBrowser } from "./browser.mjs";

const held = withBrowser();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run());
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.flat() + " " + n.failureSummary).join("; ")}`);
}

async function booked(w) {
  for (const text of ["demo", "250", "a@b.example"]) {
    await w.field.fill(text);
    const before = await w.bubbles.count();
    await w.field.press("Enter");
    await w.bubbles.nth(before + 1).waitFor();
  }
  await w.option("Tuesday 24 November, 15:30").waitFor();
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in the closed and the open chat, ${colorScheme}`, async (t) => {
    const w = await held.visit(t, { context: { colorScheme } });
    await w.launcher.waitFor();
    assert.deepEqual(await violations(w.page), []);
    await w.launcher.click();
    await w.option("Book a demo").waitFor();
    assert.deepEqual(await violations(w.page), []);
    await booked(w);
    assert.deepEqual(await violations(w.page), []);
    await w.option("Tuesday 24 November, 15:30").click();
    await w.option("Skip").waitFor();
    w.server.rep("Hello, [docs](https://acme.example)");
    await w.bubbles.getByText("docs").waitFor();
    assert.deepEqual(await violations(w.page), []);
  });
}

for (const color of ["#ffe14d", "#3b82f6", "#111111", "#808080", "tomato"]) {
  test(`text on ${color} can be read`, async (t) => {
    const w = await held.visit(t, { server: { config: { theme: { name: "Acme", color } } } });
    await w.launcher.click();
    await w.option("Book a demo").click();
    await w.bubbles.getByText("How many people").waitFor();
    assert.deepEqual(await violations(w.page), []);
    const [back, ink] = await w.page.locator(".visitor .bubble").evaluate((e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]);
    assert.ok(contrast(back, ink) >= 4.5, `${ink} on ${back}`);
  });
}

function contrast(a, b) {
  const [x, y] = [a, b].map((c) => {
    const [r, g, bl] = c.match(/\d+/g).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl + 0.05;
  });
  return Math.max(x, y) / Math.min(x, y);
}

test("by keyboard alone: open, choose, write, close, and the focus returns", async (t) => {
  const w = await held.visit(t);
  await w.launcher.waitFor();
  for (let i = 0; i < 5 && !(await w.launcher.evaluate((e) => e.matches(":focus"))); i++) await w.page.keyboard.press("Tab");
  await w.page.keyboard.press("Enter");
  await w.option("Book a demo").waitFor();
  assert.ok(await w.field.evaluate((e) => e.matches(":focus")), "the focus moves in");
  await w.page.keyboard.press("Shift+Tab");
  await w.page.keyboard.press("Enter");
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(w.server.says()[0].value, "help");
  assert.ok(await w.field.evaluate((e) => e.matches(":focus")), "an answered question gives the focus back");
  await w.page.keyboard.type("25");
  await w.page.keyboard.press("Enter");
  await w.bubbles.getByText("Which work e-mail").waitFor();
  await w.page.keyboard.press("Escape");
  await w.dialog.waitFor({ state: "hidden" });
  assert.ok(await w.launcher.evaluate((e) => e.matches(":focus")), "the focus returns to the launcher");
  assert.equal(await w.launcher.getAttribute("aria-expanded"), "false");
});

test("a button of the page that opened the chat has the focus back", async (t) => {
  const w = await held.visit(t, {
    html: (s) => `<!doctype html><html lang="en"><head><title>x</title>${s.tag()}</head><body><button onclick="Usher.open()">Talk to us</button></body></html>`,
  });
  await w.launcher.waitFor();
  const own = w.page.getByRole("button", { name: "Talk to us" });
  await own.click();
  await w.option("Book a demo").waitFor();
  await w.page.keyboard.press("Escape");
  assert.ok(await own.evaluate((e) => e == document.activeElement));
});

test("keys pressed in the chat are not the page's shortcuts", async (t) => {
  const w = await held.visit(t);
  await w.page.evaluate(() => {
    window.heard = [];
    for (const kind of ["keydown", "keypress", "keyup"]) document.addEventListener(kind, (e) => window.heard.push(e.key));
  });
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.page.keyboard.type("jk?");
  assert.deepEqual(await w.page.evaluate(() => window.heard), []);
});

test("a screen reader is told of the dialog, the log, the answers and the state", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  assert.equal(await w.dialog.getAttribute("aria-label"), "Acme");
  const log = w.page.getByRole("log", { name: "Conversation" });
  assert.equal(await log.getAttribute("aria-live"), "polite");
  assert.match(await log.innerText(), /What brings you here/);
  await w.dialog.getByRole("group", { name: "Choose an answer" }).waitFor();
  assert.equal(await w.field.getAttribute("aria-label"), "Write a message");
});

test("on a phone the chat fills the screen and keeps the focus", async (t) => {
  const w = await held.visit(t, { context: phone });
  await w.launcher.tap();
  await w.option("Book a demo").waitFor();
  assert.deepEqual(await w.dialog.boundingBox(), { x: 0, y: 0, width: 390, height: 844 });
  assert.equal(await w.dialog.getAttribute("aria-modal"), "true");
  const inside = () => w.page.evaluate(() => {
    const active = document.activeElement.shadowRoot?.activeElement;
    return !!active?.closest("[role=dialog]");
  });
  assert.ok(await inside(), "no keyboard pops up, but the focus is in the dialog");
  for (let i = 0; i < 12; i++) {
    await w.page.keyboard.press(i < 8 ? "Tab" : "Shift+Tab");
    assert.ok(await inside(), `after ${i + 1} tabs`);
  }
  await w.option("Close chat").tap();
  await w.dialog.waitFor({ state: "hidden" });
});

test("a language written from the right turns the panel round", async (t) => {
  const w = await held.visit(t, {
    server: { language: "fa", texts: { placeholder: "پیام…" } },
    html: (s) => `<!doctype html><html lang="fa" dir="rtl"><head><title>x</title>${s.tag('data-language="fa"')}</head><body></body></html>`,
  });
  await w.launcher.click();
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(w.server.hellos[0].language, "fa");
  assert.equal(await w.dialog.getAttribute("dir"), "rtl");
  assert.equal(await w.field.getAttribute("placeholder"), "پیام…");
  const panel = await w.dialog.boundingBox();
  const mine = await w.page.locator(".visitor .bubble").boundingBox();
  const theirs = await w.page.locator(".bot .bubble").first().boundingBox();
  assert.ok(mine.x - panel.x < 40, "the visitor's words stand on the left");
  assert.ok(panel.x + panel.width - theirs.x - theirs.width < 40, "the bot's on the right");
  assert.deepEqual(await violations(w.page), []);
});

test("nothing moves for who asked for less motion", async (t) => {
  for (const reducedMotion of ["no-preference", "reduce"]) {
    const w = await held.visit(t, { context: { reducedMotion } });
    await w.launcher.click();
    await w.option("Book a demo").waitFor();
    w.server.type();
    await w.page.locator(".dots").waitFor();
    const moves = await w.page.evaluate(() => {
      const all = document.querySelector("usher-widget").shadowRoot.querySelectorAll("*");
      return [...all].some((e) => getComputedStyle(e).animationName != "none");
    });
    assert.equal(moves, reducedMotion == "no-preference");
  }
});

test("in forced colours the launcher's picture and the bubbles can be seen", async (t) => {
  const w = await held.visit(t, { context: { forcedColors: "active" } });
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  const [picture, button] = await w.launcher.evaluate((e) => [getComputedStyle(e, "::before").backgroundColor, getComputedStyle(e).backgroundColor]);
  assert.notEqual(picture, button);
  assert.equal(await w.bubbles.first().evaluate((e) => getComputedStyle(e).borderTopStyle), "solid");
});
