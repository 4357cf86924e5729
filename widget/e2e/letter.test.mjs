// The link in a letter to somebody who is not ready, with the real program: the conversation goes on at the same question, on
// another device, and one click ends the letters.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parts, until, withBrowser } from "../tests/browser.mjs";
import { team } from "./acme.mjs";
import { postbox } from "./postbox.mjs";
import { start } from "./usher.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const held = withBrowser();
const output = fileURLToPath(new URL("../output/", import.meta.url));
mkdirSync(output, { recursive: true });

const flow = `flow: talk
title: { en: Talk, fa: گفت‌وگو }
languages: [en, fa]
fields:
  seats: { type: number, min: 1, label: Seats }
  when: { type: text, label: When }
steps:
  - { id: mail, ask: email, say: { en: Which address?, fa: نشانی شما چیست؟ } }
  - { id: size, ask: seats, say: { en: How many people will use it?, fa: چند نفر از آن استفاده می‌کنند؟ } }
  - { id: when, ask: when, say: { en: When do you start?, fa: چه زمانی شروع می‌کنید؟ } }
  - { id: bye, end: nurture, say: { en: Bye., fa: خدانگهدار. } }
`;
const followups = `quiet: never
imprint: { en: "Acme GmbH, Berlin", fa: "Acme GmbH, Berlin" }
sequences:
  - id: silent
    on: { silence: 2s }
    letters:
      - after: 0d
        subject: { en: Shall we go on?, fa: ادامه دهیم؟ }
        say: { en: "Your answers are still here.\\n\\nSee https://acme.example/film.", fa: "پاسخ‌های شما هنوز هست.\\n\\nhttps://acme.example/film" }
      - after: 1h
        subject: { en: Again, fa: دوباره }
        say: { en: Again., fa: دوباره. }
`;
const files = { "talk.yaml": flow, "team.yaml": team(), "followups.yaml": followups };
const ended = `flow: talk
title: Talk
languages: [en]
fields:
  when: { type: choice, options: { now: This month, later: Later }, label: When }
steps:
  - { id: when, ask: when, say: When do you want to start? }
  - { id: mail, ask: email, say: Which address? }
  - { id: fit, next: [{ if: when == "later", to: bye }, { to: meet }] }
  - { id: meet, book: { minutes: 30 }, say: Which time suits you?, next: [{ if: booked, to: done }, { to: bye }] }
  - { id: done, end: qualified, say: "See you {{ meeting.starts }}." }
  - { id: bye, end: nurture, say: Come back any time. }
`;
const afterwards = `quiet: never
imprint: Acme GmbH, Berlin
sequences:
  - id: after
    on: { end: nurture }
    letters: [{ after: 0d, subject: Has the time come?, say: Has the time come? }]
`;
const looks = {
  phone: { settings: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "en-GB" }, question: "How many people will use it?", next: "When do you start?", leave: "No more letters", left: "You will get no more letters" },
  persian: { settings: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "fa-IR", timezoneId: "Asia/Tehran" }, question: "چند نفر از آن استفاده می‌کنند؟", next: "چه زمانی شروع می‌کنید؟", leave: "دیگر نامه نفرستید", left: "دیگر نامه‌ای نمی‌گیرید" },
};

async function context(t, settings) {
  const made = await held.browser.newContext({ timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...settings });
  made.setDefaultTimeout(15_000);
  t.after(() => made.close());
  return made;
}

async function sound(page, name) {
  await page.screenshot({ path: `${output}letter-${name}.png`, fullPage: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, `${name} is wider than the screen`);
}

for (const [name, { settings, question, next, leave, left }] of Object.entries(looks)) {
  test(`the link in a letter goes on at the same question, on another device: ${name}`, async (t) => {
    const box = await postbox(t);
    const usher = await start(t, { files, env: { USHER_SMTP: box.url, USHER_MAIL_FROM: "Acme <meet@acme.example>" } });
    const first = await (await context(t, settings)).newPage();
    await first.goto(usher.url + "/");
    const w = parts(first);
    await w.launcher.click();
    await w.field.fill("priya@bigco.example");
    await w.field.press("Enter");
    await first.getByText(question).waitFor();
    await first.close();

    await until(() => box.letters.length == 1, "the letter");
    const [letter] = box.letters;
    const plain = letter.parts.find((p) => p.type.startsWith("text/plain")).text;
    const link = /http\S+\/c\/\S+/.exec(plain)[0];
    assert.deepEqual(letter.to, ["priya@bigco.example"]);
    assert.match(plain, /Acme GmbH, Berlin/);
    assert.equal(letter.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    const unsubscribe = /<(.*)>/.exec(letter.headers["list-unsubscribe"])[1];

    for (let i = 0; i < 3; i++) assert.equal((await fetch(link)).status, 200); // what a mail program looks at changes nothing
    for (let i = 0; i < 3; i++) assert.equal((await fetch(unsubscribe)).status, 200);

    const page = await (await context(t, settings)).newPage();
    const problems = [];
    page.on("console", (message) => message.type() == "error" && problems.push(message.text()));
    await page.goto(link);
    await page.getByText("priya@bigco.example").waitFor();
    await page.getByText(question).waitFor();
    await sound(page, `${name}-resumed`);
    const again = parts(page);
    await again.field.fill("250");
    await again.field.press("Enter");
    await page.getByText(next).waitFor();
    assert.deepEqual(problems, []);

    const leaving = await (await context(t, settings)).newPage();
    await leaving.goto(unsubscribe);
    await sound(leaving, `${name}-leave`);
    await leaving.getByRole("button", { name: leave }).click();
    await leaving.getByRole("heading", { name: left }).waitFor();
    await sound(leaving, `${name}-left`);
    assert.equal((await fetch(unsubscribe, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) })).status, 200);
    assert.equal((await fetch(unsubscribe.replace("s=v2", "s=v3"), { method: "POST" })).status, 404);
    assert.equal((await fetch(link.replace(/.$/, (c) => (c == "A" ? "B" : "A")))).status, 404);

    await usher.kill("SIGTERM");
    const conversations = await usher.rows("select id from conversation");
    assert.equal(conversations.length, 1);
    const tokens = await usher.rows("select * from visitor_token");
    assert.equal(tokens.length, 1);
    const [recipient] = await usher.rows("select * from recipient");
    assert.equal(recipient.because, "unsubscribe");
    assert.equal(JSON.stringify(await usher.rows("select * from recipient")).includes("priya"), false);
  });
}

test("the link in a letter after the end asks again what led there, and the visitor goes on from it", async (t) => {
  const box = await postbox(t);
  const usher = await start(t, {
    files: { "talk.yaml": ended, "team.yaml": team(), "followups.yaml": afterwards },
    env: { USHER_SMTP: box.url, USHER_MAIL_FROM: "Acme <meet@acme.example>" },
  });
  const first = await (await context(t, looks.phone.settings)).newPage();
  await first.goto(usher.url + "/");
  const w = parts(first);
  await w.launcher.click();
  await first.getByRole("button", { name: "Later" }).click();
  await first.getByText("Which address?").waitFor();
  await w.field.fill("priya@bigco.example");
  await w.field.press("Enter");
  await first.getByText("Come back any time.").waitFor();
  await first.close();

  await until(() => box.letters.length == 1, "the letter");
  const link = /http\S+\/c\/\S+/.exec(box.letters[0].parts.find((p) => p.type.startsWith("text/plain")).text)[0];
  const page = await (await context(t, looks.phone.settings)).newPage();
  for (let i = 0; i < 2; i++) {
    await page.goto(link);
    await page.getByText("Come back any time.").waitFor();
    await page.getByText("When do you want to start?").nth(1).waitFor();
    assert.equal(await page.getByText("When do you want to start?").count(), 2, "it is asked once, however often the link is opened");
  }
  await sound(page, "ended-resumed");
  await page.getByRole("button", { name: "This month" }).last().click();
  await page.getByText("Which time suits you?").waitFor();
  assert.equal(await page.getByText("Which address?").count(), 1, "what is known is not asked again");

  await usher.kill("SIGTERM");
  assert.equal((await usher.rows("select id from conversation")).length, 1);
});
