// The whole way with the real program: a visitor books in the widget, the meeting stands in the rep's calendar on a real
// server, the invitation is in the mailbox, and both follow what is done on the meeting's page and in the calendar.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until, withBrowser } from "../tests/browser.mjs";
import { book, flow, team } from "./acme.mjs";
import { postbox } from "./postbox.mjs";
import { radicale } from "./radicale.mjs";
import { start } from "./usher.mjs";

const held = withBrowser();

const stamp = (at) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");

async function scene(t, before = () => {}) {
  const [dav, post] = [await radicale(t), await postbox(t)];
  await before(dav);
  const usher = await start(t, {
    files: { "demo.yaml": flow, "team.yaml": team(`{ caldav: "${dav.home}", user: asha, password: "\${ASHA_CALDAV}" }`) },
    env: { ASHA_CALDAV: "sesame", USHER_SMTP: post.url, USHER_MAIL_FROM: "Acme <meet@acme.example>", USHER_CALENDAR_ALLOW: "127.0.0.0/8" },
  });
  const context = await held.browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(20_000);
  t.after(() => context.close());
  t.after((s) => s.passed === false && console.log(usher.log()));
  return { dav, post, usher, context };
}

// again starts usher anew where it was.
async function again(usher) {
  await usher.kill("SIGTERM");
  await usher.serve(new URL(usher.url).host);
}

const to = (post, address) => post.letters.filter((l) => l.to.includes(address));
const part = (letter, kind) => letter.parts.find((p) => p.type.toLowerCase().startsWith(kind));
const unfolded = (letter) => part(letter, "text/calendar").text.replace(/\r?\n[ \t]/g, "");

// event waits for the meeting in the calendar as it is wanted there.
async function event(dav, uid, wanted) {
  let found;
  await until(async () => (found = (await dav.events()).find((e) => e.UID == uid)) && wanted(found), `${wanted} in the calendar`);
  return found;
}

// letter waits for the visitor's letter whose calendar part is of that method and sequence or later.
async function letter(post, method, after = 0) {
  const mine = () => to(post, "priya@bigco.example").slice(after).find((l) => part(l, "text/calendar") && unfolded(l).includes("METHOD:" + method));
  await until(mine, `a ${method} in the mailbox`);
  return mine();
}

test("a meeting that is booked, moved and cancelled is followed by the calendar and the mailbox", async (t) => {
  const { dav, post, usher, context } = await scene(t);
  const w = await book(await context.newPage(), usher.url);
  const booked = w.meeting();
  const first = await event(dav, booked.uid, (e) => e.DTSTART == stamp(booked.start));
  assert.equal(first.DTEND, stamp(booked.end));
  assert.match(first.text, /Visitor × Acme/);
  const invitation = await letter(post, "REQUEST");
  assert.match(unfolded(invitation), new RegExp(`UID:${booked.uid}`));
  assert.match(unfolded(invitation), new RegExp(`DTSTART:${stamp(booked.start)}`));
  assert.match(invitation.subject + part(invitation, "text/plain").text, /Acme/);

  const [link] = part(invitation, "text/plain").text.match(/http:\/\/\S+\/m\/\S+/);
  const page = await context.newPage();
  assert.equal((await page.goto(link)).status(), 200);
  await page.getByRole("link", { name: "Change the time" }).click();
  const time = page.locator("details[open] label").last();
  const moved = await time.locator("input").getAttribute("value");
  await time.click();
  await page.getByRole("button", { name: "Take this time" }).click();
  await page.getByRole("status").waitFor();
  const second = await event(dav, booked.uid, (e) => e.DTSTART == stamp(moved));
  assert.equal(second.href, first.href);
  assert.ok(+second.SEQUENCE > +(first.SEQUENCE || 0), "the SEQUENCE grows");
  const update = await letter(post, "REQUEST", 1);
  assert.match(unfolded(update), new RegExp(`DTSTART:${stamp(moved)}`));
  assert.equal((await dav.events()).length, 1);

  await page.getByRole("link", { name: "Cancel the meeting" }).click();
  await page.getByRole("textbox").fill("I am ill");
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await page.getByText("I am ill").waitFor();
  await until(async () => !(await dav.events()).some((e) => e.UID == booked.uid && e.STATUS != "CANCELLED"), "an empty calendar");
  const recall = await letter(post, "CANCEL");
  assert.match(unfolded(recall), new RegExp(`UID:${booked.uid}`));
  const told = () => to(post, "asha@acme.example").filter((l) => /I am ill/.test(part(l, "text/plain").text));
  await until(() => told().length == 1, "the rep's letter that says why");
  for (const l of to(post, "asha@acme.example")) {
    assert.ok(!l.parts.some((p) => /calendar/.test(p.type)), "the rep has the meeting in the calendar: letters only tell what became of it");
  }
});

test("a meeting that the rep moves in the calendar is moved, and one that is taken out there is cancelled", async (t) => {
  const { dav, post, usher, context } = await scene(t);
  const w = await book(await context.newPage(), usher.url);
  const booked = w.meeting();
  const first = await event(dav, booked.uid, (e) => e.DTSTART == stamp(booked.start));
  const start_ = Date.parse(booked.start) + 24 * 3600_000;
  const answer = await dav.put(first.href, first.text.replace(/DTSTART[^\r\n]*/, "DTSTART:" + stamp(start_)).replace(/DTEND[^\r\n]*/, "DTEND:" + stamp(start_ + 30 * 60_000)));
  assert.ok(answer.ok, `Radicale: ${answer.status}`);
  await again(usher); // the calendars are read when it starts
  await w.launcher.page().locator(".card").nth(1).waitFor();
  assert.equal(Date.parse(w.meeting().start), start_);
  const page = await context.newPage();
  await page.goto(booked.url);
  assert.equal(Date.parse(await page.locator("time").first().getAttribute("datetime")), start_);
  const update = await letter(post, "REQUEST", 1);
  assert.match(unfolded(update), new RegExp(`DTSTART:${stamp(start_)}`));

  assert.ok((await dav.remove(first.href)).ok);
  await again(usher);
  assert.match(unfolded(await letter(post, "CANCEL")), new RegExp(`UID:${booked.uid}`));
  await page.reload();
  await page.locator(".status").getByText("Cancelled", { exact: true }).waitFor();
});

test("what the rep has in the calendar is not offered", async (t) => {
  const { dav, usher, context } = await scene(t, async (dav) => {
    const busy = (name, from, hours) => dav.put(name, ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VEVENT", "UID:" + name, "DTSTAMP:20260101T000000Z", "DTSTART:" + stamp(from), `DURATION:PT${hours}H`, "SUMMARY:Away", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"));
    assert.ok((await busy("away.ics", Date.now(), 72)).ok);
  });
  const w = await book(await context.newPage(), usher.url);
  assert.ok(Date.parse(w.meeting().start) >= Date.now() + 71 * 3600_000, `${w.meeting().start} is within what is busy`);
  await event(dav, w.meeting().uid, (e) => e.DTSTART == stamp(w.meeting().start));
});
