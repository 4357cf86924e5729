import { button, icon, icons, make, photo } from "./dom";
import { render } from "./markdown";
import type { Texts } from "./texts";
import type { Meeting, Message, Say } from "./wire";

// Bubbles is the log: what was said, in order, and what is on its way.
export class Bubbles {
  readonly element = make("div", "log", { role: "log", "aria-live": "polite" });
  private rows: { seq: number; row: HTMLElement }[] = [];
  private pending: { id: string; row: HTMLElement }[] = [];

  constructor(
    private texts: () => Texts,
    private time: (at: string) => string,
  ) {}

  clear(): void {
    this.element.textContent = "";
    this.rows = [];
    this.pending = [];
  }

  // add shows a message in its place. The visitor's own stays where it was shown when it was sent.
  add(message: Message): void {
    const row = (message.id && this.take(message.id)) || make("div");
    row.className = "row " + message.from;
    row.textContent = "";
    if (message.from == "rep" && message.name) row.append(make("div", "who", {}, ...(message.picture ? [photo(message.picture)] : []), message.name));
    else row.append(make("span", "hidden", {}, (message.from == "visitor" ? this.texts().you : message.name || "") + " "));
    row.append(this.bubble(message.text, message.from != "visitor"));
    if (message.meeting) row.append(card(message.meeting, this.texts()));
    const { at } = message;
    if (at) row.onpointerenter = () => (row.title = this.time(at));
    let i = this.rows.length;
    while (i > 0 && this.rows[i - 1]!.seq > message.seq) i--;
    const next = i < this.rows.length ? this.rows[i]!.row : this.pending.length ? this.pending[0]!.row : null;
    this.rows.splice(i, 0, { seq: message.seq, row });
    if (row.parentNode != this.element || row.nextSibling != next) this.element.insertBefore(row, next);
  }

  // wait shows what the visitor said before the server has it.
  wait(say: Say): void {
    for (const p of this.pending) if (p.id == say.id) return;
    const row = make("div", "row visitor pending", {}, make("span", "hidden", {}, this.texts().you + " "), this.bubble(say.text || say.value!, false));
    this.pending.push({ id: say.id, row });
    this.element.append(row);
  }

  // fail marks what the server will not take, and offers to send it again.
  fail(id: string, reason: string, again: () => void): void {
    for (const p of this.pending) {
      if (p.id != id) continue;
      p.row.classList.add("failed");
      p.row.append(make("div", "note", {}, reason + " ", button("link", "", again, this.texts().again)));
    }
  }

  // take gives up a waiting row.
  take(id: string): HTMLElement | undefined {
    for (let i = 0; i < this.pending.length; i++) {
      if (this.pending[i]!.id == id) return this.pending.splice(i, 1)[0]!.row;
    }
    return undefined;
  }

  private bubble(text: string, marked: boolean): HTMLElement {
    // The text has its own direction, the bubble the panel's.
    const words = make("div", "words", { dir: "auto" });
    if (marked) render(words, text);
    else words.textContent = text;
    return make("div", "bubble", {}, words);
  }
}

// card shows a booked meeting.
function card(meeting: Meeting, texts: Texts): HTMLElement {
  const card = make("div", "card", {}, make("div", "tick", {}, icon(icons.done)));
  const lines = make("div", "lines", {}, make("strong", "", {}, meeting.title || texts.booked));
  const when = [meeting.day, meeting.time].filter(Boolean).join(", ");
  for (const line of [when, meeting.rep, meeting.place]) if (line) lines.append(make("div", "", { dir: "auto" }, line));
  if (meeting.url && /^https?:\/\//.test(meeting.url)) {
    lines.append(make("a", "", { href: meeting.url, target: "_blank", rel: "noopener noreferrer" }, texts.meeting));
  }
  card.append(lines);
  return card;
}
