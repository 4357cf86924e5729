import { read, write } from "./json";
import type { Ears, Hello, Incoming, Outgoing, Wire } from "./wire";

// openStream carries frames over plain HTTP: one POST for each of ours, server-sent events for theirs. It is what is
// left where a proxy, an extension or the page's policy blocks sockets.
export function openStream(chat: string, ears: Ears): Wire {
  const abort = new AbortController();
  const signal = abort.signal;
  let over = false;
  let token = "";
  let conversation = "";
  let queue: Promise<unknown> = Promise.resolve();

  const end = () => {
    if (over) return;
    over = true;
    abort.abort();
    ears.down();
  };
  const hear = (frame: Incoming | undefined) => {
    if (!over && frame && frame.type) ears.frame(frame);
  };

  async function post(frame: Outgoing): Promise<void> {
    if (over) return;
    const hello = frame.type == "hello";
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (!hello) headers["Authorization"] = "Bearer " + token;
    const answer = await fetch(chat, {
      method: "POST",
      headers,
      body: write(hello ? frame : { ...frame, conversation }),
      credentials: "omit",
      signal,
    });
    const heard = read(await answer.text()) as Incoming | undefined;
    hear(heard);
    if (heard && heard.type == "welcome") {
      token = heard.token;
      conversation = heard.conversation;
      void listen(heard.after ?? (frame as Hello).after).then(end, end);
    } else if (hello || answer.status >= 500) {
      end();
    }
  }

  async function listen(after: number): Promise<void> {
    const address = `${chat}/events?conversation=${encodeURIComponent(conversation)}&after=${after}`;
    const headers = { Authorization: "Bearer " + token, Accept: "text/event-stream" };
    const answer = await fetch(address, { headers, credentials: "omit", cache: "no-store", signal });
    if (!answer.ok || !answer.body) return;
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    const events = new Events(hear);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      ears.alive();
      events.take(decoder.decode(value, { stream: true }));
    }
  }

  setTimeout(() => over || ears.ready());
  return {
    // One after the other, so that what was said first arrives first.
    send: (frame) => void (queue = queue.then(() => post(frame)).catch(end)),
    close() {
      over = true;
      abort.abort();
    },
  };
}

// Events reads server-sent events (HTML Living Standard 9.2) as they come, in pieces of any size.
export class Events {
  private rest = "";
  private data = "";

  constructor(private hear: (frame: Incoming | undefined) => void) {}

  take(piece: string): void {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop()!;
    for (let i = 0; i < lines.length; i++) this.line(lines[i]!);
  }

  private line(line: string): void {
    if (line.startsWith("data:")) {
      this.data += (this.data && "\n") + line.slice(5).replace(/^ /, "");
    } else if (!line && this.data) {
      this.hear(read(this.data));
      this.data = "";
    }
  }
}
