import type { Ask, Message } from "./wire";

// Transcript is the conversation's messages by their seq, whatever order and however often they come.
export class Transcript {
  constructor(public messages: Message[]) {}

  // add says whether the message is new.
  add(message: Message): boolean {
    const all = this.messages;
    let i = all.length;
    while (i > 0 && all[i - 1]!.seq > message.seq) i--;
    if (i > 0 && all[i - 1]!.seq == message.seq) return false;
    all.splice(i, 0, message);
    return true;
  }

  // after is the seq up to which nothing is missing: what comes later is asked for again.
  after(): number {
    const all = this.messages;
    let i = 0;
    while (i + 1 < all.length && all[i + 1]!.seq == all[i]!.seq + 1) i++;
    return all.length ? all[i]!.seq : 0;
  }

  last(): number {
    const all = this.messages;
    return all.length ? all[all.length - 1]!.seq : 0;
  }

  // unread counts what others said after the seq.
  unread(seen: number): number {
    let n = 0;
    for (const m of this.messages) if (m.seq > seen && m.from != "visitor") n++;
    return n;
  }

  // open is the question that waits for an answer: a person's words close it as the visitor's do.
  open(): Ask | undefined {
    for (let i = this.messages.length - 1; i >= 0; i--) {
      const m = this.messages[i]!;
      if (m.from != "bot") return undefined;
      if (m.ask) return m.ask;
    }
    return undefined;
  }
}
