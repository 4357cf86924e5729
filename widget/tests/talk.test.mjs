import assert from "node:assert/strict";
import { test } from "node:test";
import { until, withBrowser } from "./browser.mjs";

const held = withBrowser();

async function toSlots({ launcher, option, field, bubbles }) {
  await launcher.click();
  await option("Book a demo").click();
  await bubbles.getByText("How many people").waitFor();
  await field.fill("about 250");
  await field.press("Enter");
  await bubbles.getByText("Which work e-mail").waitFor();
  await field.fill("priya@bigco.example");
  await field.press("Enter");
  await bubbles.getByText("Which time suits").waitFor();
}

test("a visitor chooses, writes, picks a time and sees the meeting", async (t) => {
  const w = await held.visit(t);
  await toSlots(w);
  const tuesday = w.dialog.getByRole("group", { name: "Tuesday 24 November", exact: true });
  assert.deepEqual(await tuesday.locator(".chip > span:last-child").allInnerTexts(), ["10:00", "15:30"]);
  await w.option("Tuesday 24 November, 15:30").click();
  await w.dialog.getByText("Meeting with Asha Rao").waitFor();
  assert.equal(await w.page.getByRole("link", { name: "View or save to calendar" }).getAttribute("href"), "https://acme.example/m/1");
  assert.deepEqual(
    w.server.says().map((s) => [s.text, s.value]),
    [["Book a demo", "demo"], ["about 250", undefined], ["priya@bigco.example", undefined], ["Tuesday 24 November, 15:30", "2026-11-24T15:30:00Z"]],
  );
});

test("a meeting's card has the ways to save and change it, and shows when it is moved and cancelled", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  const base = { uid: "m1", title: "BigCo × Acme", day: "Tuesday 24 November", rep: "Asha Rao", url: "https://acme.example/m/1", file: "https://acme.example/m/1.ics", google: "https://calendar.google.com/x", outlook: "javascript:alert(1)" };
  w.server.tell({ text: "Booked.", meeting: { ...base, status: "confirmed", time: "10:00 – 10:30" } });
  const card = (text) => w.page.locator(".card").filter({ hasText: text });
  const links = async (text) => card(text).getByRole("link").allInnerTexts();
  await card("10:00").waitFor();
  assert.deepEqual(await links("10:00"), ["Save to calendar", "Google", "View, change or cancel"]);
  w.server.tell({ text: "Moved.", meeting: { ...base, status: "confirmed", time: "15:30 – 16:00" } });
  await card("15:30").waitFor();
  await card("10:00").getByText("No longer at this time").waitFor();
  assert.deepEqual(await links("10:00"), []);
  w.server.tell({ text: "Cancelled.", meeting: { uid: "m1", title: "BigCo × Acme", url: base.url, status: "cancelled", note: "Cancelled", time: "15:30 – 16:00" } });
  await card("Cancelled").waitFor();
  assert.deepEqual(await links("Cancelled"), ["View, change or cancel"]);
  assert.equal(await w.page.locator(".card.off").count(), 3);
  await w.page.reload();
  await w.launcher.click();
  await card("Cancelled").waitFor();
  assert.equal(await card("No longer at this time").count(), 2);
});

test("answers are gone once the visitor has written something else", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("See prices").waitFor();
  await w.field.fill("I would like a demo");
  await w.field.press("Enter");
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(await w.option("See prices").count(), 0);
});

test("a number key chooses, and a number that goes on is a text", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.page.keyboard.type("2x");
  await w.page.keyboard.press("Enter");
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(w.server.says()[0].text, "2x");
  await w.field.fill("9");
  await w.field.press("Enter");
  await w.bubbles.getByText("Which work e-mail").waitFor();
  await w.field.fill("a@b.example");
  await w.field.press("Enter");
  await w.option("Thursday 26 November, 09:00").waitFor();
  await w.page.keyboard.press("3");
  await w.dialog.getByText("Meeting with Asha Rao").waitFor();
  assert.equal(w.server.says()[3].value, "2026-11-26T09:00:00Z");
});

test("several answers are ticked and sent together", async (t) => {
  const w = await held.visit(t);
  await toSlots(w);
  await w.option("Tuesday 24 November, 10:00").click();
  const done = w.option("Done");
  await done.waitFor();
  assert.ok(await done.isDisabled());
  await w.option("Team chat").click();
  await w.option("CRM").click();
  await done.click();
  await w.bubbles.getByText("See you then!").waitFor();
  assert.equal(w.server.says()[4].text, "CRM, Team chat");
});

test("none of the times is an answer too", async (t) => {
  const w = await held.visit(t);
  await toSlots(w);
  await w.option("None of these").click();
  await until(() => w.server.says().length == 4);
  assert.deepEqual([w.server.says()[3].text, w.server.says()[3].value], ["None of these", undefined]);
});

test("bold, italic, lists and safe links are shown, everything else stays text", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  w.server.rep(
    "**bold** and *leaning* and \\*plain\\*, snake_case_name, 2 * 3 * 4\n\n- one\n- two\n\n3. three\n\n" +
      "[docs](https://acme.example/a_(b)) [bad](javascript:alert(1)) [esc](https://acme.example/c\\)d) [mail](mailto:a@b.example) https://x.example/y_z. <img src=x onerror=alert(1)>",
  );
  const bubble = w.bubbles.last();
  await bubble.getByText("bold").waitFor();
  assert.equal(await bubble.locator("strong").innerText(), "bold");
  assert.deepEqual(await bubble.locator("em").allInnerTexts(), ["leaning"]);
  assert.match(await bubble.innerText(), /\*plain\*, snake_case_name, 2 \* 3 \* 4/);
  assert.deepEqual(await bubble.locator("li").allInnerTexts(), ["one", "two", "three"]);
  assert.equal(await bubble.locator("ol").getAttribute("start"), "3");
  const links = await bubble.locator("a").evaluateAll((all) => all.map((a) => [a.textContent, a.href, a.target, a.rel]));
  assert.deepEqual(links, [
    ["docs", "https://acme.example/a_(b)", "_blank", "noopener noreferrer"],
    ["esc", "https://acme.example/c)d", "_blank", "noopener noreferrer"],
    ["mail", "mailto:a@b.example", "_blank", "noopener noreferrer"],
    ["x.example/y_z", "https://x.example/y_z", "_blank", "noopener noreferrer"],
  ]);
  assert.equal(await bubble.locator("img").count(), 0);
});

test("what the visitor writes is shown as it was written", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.field.fill("<b>**not bold**</b>");
  await w.field.press("Enter");
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(await w.page.locator(".visitor .bubble").innerText(), "<b>**not bold**</b>");
});

test("Shift and Enter break the line, Enter sends", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.field.focus();
  await w.page.keyboard.type("one");
  await w.page.keyboard.press("Shift+Enter");
  await w.page.keyboard.type("two");
  await w.page.keyboard.press("Enter");
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(w.server.says()[0].text, "one\ntwo");
});

test("dots show that somebody is writing", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.page.locator(".dots").waitFor({ state: "hidden" });
  w.server.type();
  await w.page.locator(".dots").waitFor();
  w.server.rep("Hello, Asha here.");
  await w.page.locator(".dots").waitFor({ state: "hidden" });
  assert.equal(await w.page.locator(".who").innerText(), "Asha Rao");
});

test("a colleague's words come with name and picture; one that cannot be loaded leaves no hole", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  const dot = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
  w.server.rep("Hello, Asha here.", dot);
  await w.page.locator(".who img").waitFor();
  assert.equal(await w.page.locator(".who").innerText(), "Asha Rao");
  assert.equal(await w.page.locator(".who img").getAttribute("src"), dot);
  w.server.rep("Me again.", w.server.url + "/none.png");
  await w.bubbles.getByText("Me again.").waitFor();
  await w.page.locator(".who img").nth(1).waitFor({ state: "detached" });
});

test("the keyboard of a phone fits the question", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").click();
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(await w.field.getAttribute("inputmode"), "decimal");
  await w.field.fill("25");
  await w.field.press("Enter");
  await w.bubbles.getByText("Which work e-mail").waitFor();
  assert.equal(await w.field.getAttribute("inputmode"), "email");
  assert.equal(await w.field.getAttribute("autocomplete"), "email");
});

test("a message that is too long for the server stays in the field", async (t) => {
  const w = await held.visit(t);
  await w.launcher.click();
  await w.option("Book a demo").waitFor();
  await w.field.fill("é".repeat(2049));
  await w.field.press("Enter");
  await w.state.getByText("too long").waitFor();
  assert.equal((await w.field.inputValue()).length, 2049);
  assert.equal(w.server.says().length, 0);
  await w.field.fill("é\"".repeat(1365));
  await w.field.press("Enter");
  await w.bubbles.getByText("How many people").waitFor();
  assert.equal(await w.state.innerText(), "");
});
