import { button, make, photo } from "./dom";
import { render } from "./markdown";
import type { Texts } from "./texts";
import { card } from "./card";
import type { Message, Say } from "./wire";

// Bubbles is the log: what was said, in order, and what is on its way.
export class Bubbles {
  readonly element = make("div", "log", { role: "log", "aria-live": "polite" });
  private rows: { seq: number; row: HTMLElement; message: Message }[] = [];
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
    const { at } = message;
    if (at) row.onpointerenter = () => (row.title = this.time(at));
    let i = this.rows.length;
    while (i > 0 && this.rows[i - 1]!.seq > message.seq) i--;
    const next = i < this.rows.length ? this.rows[i]!.row : this.pending.length ? this.pending[0]!.row : null;
    this.rows.splice(i, 0, { seq: message.seq, row, message });
    if (message.meeting) this.cards(message.meeting.uid, row);
    if (row.parentNode != this.element || row.nextSibling != next) this.element.insertBefore(row, next);
  }

  // cards shows the card of a message, and of all cards of its meeting the last as it is, the others as overtaken.
  private cards(uid: string | undefined, added: HTMLElement): void {
    let last = true;
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const { row, message } = this.rows[i]!;
      const { meeting } = message;
      if (!meeting || (row != added && (!uid || meeting.uid != uid))) continue;
      const element = card(meeting, this.texts(), !last);
      const before = row.querySelector(".card");
      if (before) before.replaceWith(element);
      else row.append(element);
      last = false;
    }
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
