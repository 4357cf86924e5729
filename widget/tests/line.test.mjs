import assert from "node:assert/strict";
import { test } from "node:test";
import { parts, until, withBrowser } from "./browser.mjs";

const held = withBrowser();

async function started(t, options) {
  const w = await held.visit(t, options);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  return w;
}

async function write(w, text) {
  await w.field.fill(text);
  await w.field.press("Enter");
}

test("after a reload the conversation goes on where it was", async (t) => {
  const w = await started(t);
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people").waitFor();
  await w.page.waitForFunction(() => JSON.parse(localStorage.usher).messages.length == 4);
  await w.page.reload();
  await w.launcher.click();
  await w.bubbles.getByText("How many people").waitFor();
  await until(() => w.server.hellos.length == 2);
  const [first, second] = w.server.hellos;
  assert.equal(first.token, "");
  assert.equal(first.after, 0);
  assert.equal(second.after, 4);
  assert.equal(w.server.conversations.size, 1);
  assert.deepEqual(await w.bubbles.allInnerTexts(), [
    "Hi! I can answer questions and set you up with the right person.",
    "What brings you here today?",
    "Book a demo",
    "How many people will use it?",
  ]);
  await write(w, "25");
  await w.bubbles.getByText("Which work e-mail").waitFor();
});

test("what is written without a connection is kept, shown as such, and sent once when it is back", async (t) => {
  const w = await started(t);
  w.server.sockets = false;
  await w.context.setOffline(true);
  w.server.cut();
  await w.state.getByText("No connection").waitFor();
  await write(w, "are you there?");
  await w.page.locator(".pending").waitFor();
  assert.equal(w.server.says().length, 0);
  await w.page.waitForFunction(() => localStorage["usher.unsent"]);
  w.server.sockets = true;
  await w.context.setOffline(false);
  await w.bubbles.getByText("How many people").waitFor();
  await w.page.locator(".pending").waitFor({ state: "detached" });
  await w.page.waitForFunction(() => !localStorage["usher.unsent"]);
  assert.equal(w.server.says().length, 1);
  assert.equal(await w.bubbles.getByText("are you there?").count(), 1);
  assert.equal(await w.state.innerText(), "");
});

test("an unsent message survives a reload and keeps its id", async (t) => {
  const w = await started(t);
  w.server.ignore = true;
  await write(w, "hold this");
  await w.page.waitForFunction(() => localStorage["usher.unsent"]);
  const id = await w.page.evaluate(() => JSON.parse(localStorage["usher.unsent"])[0].id);
  w.server.ignore = false;
  await w.page.reload();
  await w.launcher.click();
  await w.bubbles.getByText("How many people").waitFor();
  assert.deepEqual(w.server.says().map((s) => [s.id, s.text]), [[id, "hold this"]]);
});

test("a connection that has died without a word is noticed when a message is not stored", async (t) => {
  const w = await started(t);
  await w.page.clock.install();
  w.server.ignore = true;
  await write(w, "hello?");
  await w.page.locator(".pending").waitFor();
  w.server.ignore = false;
  await w.page.clock.fastForward(11_000);
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(w.server.hellos.length, 2);
});

test("a dropped connection comes back and brings what was missed, once", async (t) => {
  const w = await started(t);
  w.server.cut();
  w.server.rep("Said while nobody was connected.");
  await w.bubbles.getByText("Said while").waitFor();
  assert.equal(await w.bubbles.count(), 3);
  assert.equal(w.server.hellos.at(-1).after, 2);
});

test("two tabs show one conversation", async (t) => {
  const w = await started(t);
  await w.page.waitForFunction(() => localStorage.usher);
  const page = await w.context.newPage();
  await page.goto(w.server.site + "/other");
  const other = parts(page);
  await other.launcher.click();
  await other.option("Book a demo").waitFor();
  assert.equal(w.server.conversations.size, 1);
  await write(other, "from the second tab");
  await w.bubbles.getByText("from the second tab").waitFor();
  await w.bubbles.getByText("How many people").waitFor();
  await write(w, "from the first tab");
  await other.bubbles.getByText("from the first tab").waitFor();
  for (const tab of [w, other]) await tab.bubbles.getByText("Which work e-mail").waitFor();
  assert.deepEqual(await w.bubbles.allInnerTexts(), await other.bubbles.allInnerTexts());
  assert.equal(w.server.says().length, 2);
});

test("where sockets are blocked the chat goes over HTTP and server-sent events", async (t) => {
  const w = await held.visit(t);
  w.server.sockets = false;
  await w.launcher.click();
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people").waitFor();
  await write(w, "25");
  await w.bubbles.getByText("Which work e-mail").waitFor();
  w.server.rep("By event.");
  await w.bubbles.getByText("By event.").waitFor();
  assert.ok(w.server.requests.includes("/v1/chat/events"));
  assert.deepEqual(w.server.says().map((s) => s.text), ["Book a demo", "25"]);
  assert.equal(await w.state.innerText(), "");
});

test("a server that takes the hello and drops the line again is not asked in a hurry", async (t) => {
  const w = await held.visit(t, { clock: true });
  w.server.flap = true;
  await w.launcher.click();
  await until(() => w.server.hellos.length == 1);
  await w.state.getByText("Connecting").or(w.state.getByText("No connection")).waitFor({ state: "attached" });
  let before = 0;
  for (let i = 0; i < 60; i++) {
    await w.page.clock.runFor(1_000);
    if (i == 29) before = w.server.hellos.length;
  }
  assert.ok(w.server.hellos.length < 12, `${w.server.hellos.length} hellos in a minute`);
  assert.ok(w.server.hellos.length - before <= 4);
  w.server.flap = false;
  await until(async () => (await w.page.clock.runFor(1_000), w.option("Book a demo").isVisible()));
});

test("a server that is busy is asked again with the same id, and the visitor is told", async (t) => {
  const w = await started(t);
  w.server.busy = 1;
  await write(w, "please");
  await w.state.getByText("Please wait").waitFor();
  await w.bubbles.getByText("How many people").waitFor();
  const says = w.server.says();
  assert.equal(says.length, 2);
  assert.equal(says[0].id, says[1].id);
  await until(async () => (await w.state.innerText()) == "");
});

test("a message the server will never take is shown as not sent and can be sent again", async (t) => {
  const w = await started(t);
  await write(w, "refuse me");
  await w.dialog.getByText("Not sent").waitFor();
  assert.equal(await w.page.evaluate(() => localStorage["usher.unsent"]), undefined);
  await w.option("Try again").click();
  await until(() => w.server.says().length == 2);
});

test("a message that meets an error of the server's own is not sent for ever", async (t) => {
  const w = await started(t, { clock: true });
  w.server.broken = true;
  await write(w, "once more");
  await until(async () => (await w.page.clock.runFor(1_000), w.dialog.getByText("Not sent").isVisible()));
  assert.ok(w.server.says().length <= 5);
  assert.equal(new Set(w.server.says().map((s) => s.id)).size, 1);
  await w.option("Book a demo").waitFor();
  w.server.broken = false;
  await w.option("Try again").click();
  await w.bubbles.getByText("How many people").waitFor();
});

test("where there is no room for the messages the token is kept", async (t) => {
  const w = await held.visit(t);
  await w.page.evaluate(() => {
    const set = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, text) {
      if (text.length > 300) throw new DOMException("full", "QuotaExceededError");
      set.call(this, key, text);
    };
  });
  await w.launcher.click();
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people").waitFor();
  await w.page.waitForFunction(() => localStorage.usher);
  await w.page.reload();
  await w.launcher.click();
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(w.server.conversations.size, 1);
});

test("a token the server does not know is forgotten and a new conversation begins", async (t) => {
  const w = await started(t);
  await w.page.waitForFunction(() => localStorage.usher);
  w.server.conversations.clear();
  await w.page.reload();
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  assert.equal(await w.bubbles.count(), 2);
  assert.equal(w.server.conversations.size, 1);
});

test("a page change without a load is told to the server", async (t) => {
  const w = await started(t);
  await w.page.evaluate(() => {
    history.pushState(null, "", "/pricing?utm_source=x#secret");
    document.title = "Prices";
  });
  await until(() => w.server.frames.some((f) => f.type == "visit"));
  const { page } = w.server.frames.find((f) => f.type == "visit");
  assert.deepEqual(page, { url: w.server.site + "/pricing?utm_source=x", title: "Prices", referrer: "" });
});

test("a page that may not store anything can still chat", async (t) => {
  const w = await held.visit(t, {
    html: (s) =>
      `<!doctype html><html lang="en"><head><title>x</title><script>Object.defineProperty(window,"localStorage",{get(){throw new Error("no")}})</script>${s.tag()}</head><body></body></html>`,
  });
  await w.launcher.click();
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people").waitFor();
  assert.deepEqual(w.problems, []);
});
