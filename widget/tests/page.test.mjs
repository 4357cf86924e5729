import assert from "node:assert/strict";
import { test } from "node:test";
import { head, until, withBrowser } from "./browser.mjs";

const held = withBrowser();
const teaser = { flow: "greet", pages: ["/", "/pri*"], after: 60, teaser: "Shall I show you round?" };

test("a teaser greets after its time, opens the chat with its flow, and is gone", async (t) => {
  const w = await held.visit(t, { server: { config: { shows: [teaser] } } });
  const bubble = w.page.getByRole("button", { name: "Shall I show you round?" });
  await bubble.waitFor();
  const box = await bubble.boundingBox();
  assert.ok(box.width <= 300 && box.height < 150);
  assert.ok(!w.server.requests.some((r) => r.startsWith("/widget/chat-")), "the chat is not loaded for it");
  await bubble.click();
  await w.option("Book a demo").waitFor();
  assert.equal(w.server.hellos[0].flow, "greet");
  assert.equal(await bubble.count(), 0);
});

test("a dismissed teaser does not come back and leaves nothing behind", async (t) => {
  const w = await held.visit(t, { clock: true, server: { config: { shows: [teaser] } } });
  await w.page.getByRole("button", { name: "Dismiss" }).click();
  await w.page.evaluate(() => history.pushState(null, "", "/pricing"));
  await w.page.clock.runFor(60_000);
  assert.equal(await w.page.getByText("Shall I").count(), 0);
  assert.equal(await w.page.evaluate(() => Object.keys(localStorage).length), 0);
});

test("a teaser waits for its page", async (t) => {
  const w = await held.visit(t, { clock: true, server: { config: { shows: [teaser] } }, path: "/about" });
  await w.page.waitForFunction(() => window.Usher._.hush);
  await w.page.clock.runFor(60_000);
  assert.equal(await w.page.getByText("Shall I").count(), 0);
  await w.page.evaluate(() => history.pushState(null, "", "/pricing/teams"));
  await w.page.getByText("Shall I").waitFor();
});

test("a teaser does not come over an open chat", async (t) => {
  const w = await held.visit(t, { clock: true, server: { config: { shows: [{ ...teaser, after: 30_000 }] } } });
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.page.keyboard.press("Escape");
  await w.page.clock.runFor(60_000);
  assert.equal(await w.page.getByText("Shall I").count(), 0);
});

test("what was said while the chat was closed is counted on the launcher", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.page.keyboard.press("Escape");
  const badge = w.page.locator(".badge");
  assert.ok(!(await badge.isVisible()));
  w.server.rep("One");
  w.server.rep("Two");
  await badge.getByText("2").waitFor();
  assert.equal(await w.launcher.getAttribute("aria-label"), "Open chat (2 unread messages)");
  await w.launcher.click();
  await badge.waitFor({ state: "hidden" });
  await w.page.keyboard.press("Escape");
  assert.equal(await w.launcher.getAttribute("aria-label"), "Open chat");
});

test("what was said while the visitor was away is counted after a reload", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.page.waitForFunction(() => JSON.parse(localStorage.usher || "{}").seen == 2);
  await w.page.goto("about:blank");
  w.server.rep("While you were away");
  await w.page.goto(w.server.site + "/");
  await w.page.locator(".badge").getByText("1").waitFor();
});

test("window.Usher takes calls before and after it is loaded and tells what happens", async (t) => {
  const early = `<script>
    window.heard = [];
    window.Usher = window.Usher || [];
    Usher.push(["on", "open", () => heard.push("open")]);
    Usher.push(["on", "message", (m) => heard.push(m.from + ": " + m.text.slice(0, 4))]);
    Usher.push(["on", "meeting", (m) => heard.push("meeting " + m.day)]);
    Usher.push(["on", "message", () => { throw new Error("the page's own") }]);
    Usher.push(["identify", { email: "priya@bigco.example", seats: 12, trial: true, deep: { no: 1 } }]);
    Usher.push(["open"]);
  </script>`;
  const w = await held.visit(t, { html: (s) => `${head}${early}${s.tag()}</head><body><main><h1>x</h1></main></body></html>` });
  await w.option("Book a demo").waitFor();
  await until(() => w.server.frames.some((f) => f.type == "identify"));
  assert.deepEqual(w.server.frames.find((f) => f.type == "identify").known, { email: "priya@bigco.example", seats: 12, trial: true });
  assert.deepEqual(await w.page.evaluate(() => window.heard), ["open", "bot: Hi! ", "bot: What"]);
  const seen = w.page.evaluate(() => new Promise((done) => Usher.on("close", () => done("closed"))));
  await w.page.evaluate(() => (Usher.close(), Usher.track("watched video", { minutes: 3 })));
  assert.equal(await seen, "closed");
  await until(() => w.server.frames.some((f) => f.type == "visit"));
  assert.equal(w.server.frames.find((f) => f.type == "visit").page.url, w.server.site + "/event/watched%20video?minutes=3");
  await w.page.evaluate(() => Usher.open());
  await w.dialog.waitFor();
});

test("the end and the meeting are told to the page", async (t) => {
  const w = await held.visit(t);
  await w.page.waitForFunction(() => window.Usher);
  await w.page.evaluate(() => {
    window.heard = [];
    for (const event of ["meeting", "end"]) Usher.on(event, (detail) => window.heard.push([event, detail.title || detail.end]));
    Usher.open();
  });
  for (const text of ["demo", "250", "a@b.example", "1", "CRM"]) {
    await w.option("Send").waitFor();
    const before = await w.bubbles.count();
    await w.field.fill(text);
    await w.field.press("Enter");
    await w.bubbles.nth(before + 1).waitFor();
  }
  await until(async () => (await w.page.evaluate(() => window.heard.length)) == 2);
  assert.deepEqual(await w.page.evaluate(() => window.heard), [["meeting", "Meeting with Asha Rao"], ["end", "qualified"]]);
});

test("colour, corner, name, avatar and dark mode are the site's choice", async (t) => {
  const theme = { name: "Robin", color: "#0f766e", corner: "left", dark: "always", avatar: "https://nowhere.invalid/a.png" };
  const w = await held.visit(t, { server: { config: { theme } } });
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  assert.equal(await w.launcher.evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(15, 118, 110)");
  assert.ok((await w.launcher.boundingBox()).x < 40);
  assert.ok((await w.dialog.boundingBox()).x < 40);
  assert.equal(await w.dialog.getAttribute("aria-label"), "Robin");
  assert.equal(await w.dialog.evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(26, 28, 33)");
  await until(async () => (await w.page.locator(".avatar img").count()) == 0, "an avatar that cannot be had gives way to the letter");
  assert.equal(await w.page.locator(".avatar").innerText(), "R");
  await w.page.evaluate(() => Usher.set({ color: "#b91c1c", corner: "right", dark: "never", name: "Kim", language: "ar" }));
  assert.equal(await w.launcher.evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(185, 28, 28)");
  assert.ok((await w.launcher.boundingBox()).x > 600);
  assert.equal(await w.dialog.getAttribute("aria-label"), "Kim");
  assert.equal(await w.dialog.evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(255, 255, 255)");
  await until(() => w.server.hellos.at(-1).language == "ar");
});

test("a tag's attributes win over the configuration, and a colour that is none is left out", async (t) => {
  const w = await held.visit(t, {
    html: (s) => `${head}${s.tag('data-flow="book-a-demo" data-color="banana" data-corner="left" data-language="hi"')}</head><body></body></html>`,
  });
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  assert.equal(w.server.hellos[0].flow, "book-a-demo");
  assert.equal(w.server.hellos[0].language, "hi");
  assert.ok((await w.launcher.boundingBox()).x < 40);
  assert.equal(await w.launcher.evaluate((e) => getComputedStyle(e).backgroundColor), "rgb(79, 70, 229)");
});
