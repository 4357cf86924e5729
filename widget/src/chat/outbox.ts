import type { Line } from "./line";
import type { Memory } from "./memory";
import type { Say } from "./wire";

const patience = 10_000; // without a word while something waits to be stored: the connection is dead
const pause = 2_000; // after the server asked to wait; it doubles
const longest = 30_000;

// Outbox sends what the visitor said until the server has stored it, always under the same id.
export class Outbox {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waits = 0;

  constructor(
    private memory: Memory,
    private line: () => Line,
    private stored: (id: string) => boolean,
  ) {}

  get waiting(): Say[] {
    return this.memory.waiting();
  }

  // say keeps and sends a new message.
  say(text: string, value?: string): Say {
    const say: Say = { type: "say", id: uuid(), text, ...(value === undefined ? {} : { value }) };
    this.memory.keep(say);
    if (this.line().send(say)) this.heard();
    return say;
  }

  // flush sends all that waits.
  flush(): void {
    const waiting = this.waiting.slice();
    for (let i = 0; i < waiting.length; i++) {
      if (this.stored(waiting[i]!.id)) this.memory.sent(waiting[i]!.id);
      else this.line().send(waiting[i]!);
    }
    this.heard();
  }

  // take notes that the server has stored the message; it says whether that was waited for.
  take(id: string): boolean {
    const sent = this.memory.sent(id);
    if (sent) this.waits = 0;
    this.heard();
    return sent;
  }

  // drop gives up a message the server will never take; it is returned.
  drop(id: string): Say | undefined {
    const say = this.waiting.find((s) => s.id == id);
    this.memory.sent(id);
    this.waits = 0;
    this.heard();
    return say;
  }

  // later sends again after a pause: the server asked for one. It says how often that has been.
  later(): number {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.min(longest, pause * 2 ** this.waits));
    return ++this.waits;
  }

  // heard starts the wait for an answer anew.
  heard(): void {
    clearTimeout(this.timer);
    if (this.waiting.length) this.timer = setTimeout(() => this.doubt(), patience);
  }

  // doubt leaves a connection that seems open and stores nothing; one that is known to be lost has waits of its own.
  private doubt(): void {
    if (this.waiting.length && this.line().state == "open") this.line().again();
  }
}

// uuid is random where the page is secure, and random enough where it is not.
export function uuid(): string {
  const { crypto } = window;
  if (crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let out = "";
  for (let i = 0; i < 16; i++) out += (i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "") + ("0" + bytes[i]!.toString(16)).slice(-2);
  return out;
}
