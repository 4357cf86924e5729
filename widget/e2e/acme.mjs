// A workspace of one flow that books at once, for tests of what comes after.
import { parts, until } from "../tests/browser.mjs";

export const flow = `flow: demo
title: { en: Book a demo, fa: قرار نمایش }
languages: [en, fa, hi, bn]
steps:
  - id: meet
    book: { minutes: 30, offer: 3, title: "{{ company ?? 'Visitor' }} × Acme" }
    say: { en: Which time suits you?, fa: چه زمانی برای شما مناسب است؟, hi: कौन-सा समय ठीक रहेगा?, bn: কোন সময়টি সুবিধাজনক? }
    next:
      - { if: booked, to: done }
      - { to: bye }
  - id: done
    end: qualified
    say: { en: "See you {{ meeting.starts }}!", fa: "تا {{ meeting.starts }}!", hi: "मिलते हैं {{ meeting.starts }}!", bn: "দেখা হবে {{ meeting.starts }}!" }
  - id: bye
    end: nurture
    say: { en: We will write., fa: به شما خواهیم نوشت., hi: हम लिखेंगे।, bn: আমরা লিখব। }
`;

// team is the roster; calendar is what stands behind `calendar:` of the rep, if anything.
export const team = (calendar = "", meeting = "notice: 1h, horizon: 7d, every: 30m") => `timezone: Europe/Berlin
hours:
  always: { mon-sun: "08:00-20:00" }
reps:
  - id: asha
    name: Asha Rao
    title: Account executive
    email: asha@acme.example
    timezone: Europe/Berlin
    hours: always
    place: https://meet.acme.example/asha
    languages: [en, fa, hi, bn]
${calendar ? `    calendar: ${calendar}\n` : ""}teams:
  - { id: sales, reps: [asha], assign: fair }
meeting: { ${meeting} }
routes:
  - { to: sales }
`;

// book has a visitor choose the first time and gives the address of the meeting's page and what the wire said of it.
export async function book(page, url, email = "priya@bigco.example") {
  const frames = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(JSON.parse(payload))));
  await page.goto(url + "/");
  const w = parts(page);
  await w.launcher.click();
  const asked = () => frames.filter((f) => f.type == "message" && f.from == "bot" && f.ask).at(-1)?.ask;
  const meeting = () => frames.filter((f) => f.meeting).at(-1)?.meeting;
  for (let open; !meeting(); ) {
    await until(() => meeting() || (asked() && asked() != open), "the next question");
    if (meeting()) break;
    open = asked();
    if (open.type == "slot") {
      await page.locator(".chip").first().click();
      continue;
    }
    await w.field.fill(open.field == "email" ? email : "Priya Nair");
    await w.field.press("Enter");
  }
  await page.locator(".card").last().waitFor();
  return { ...w, frames, meeting };
}
