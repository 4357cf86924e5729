import { read, write } from "./json";
import type { Message, Say } from "./wire";

// Kept is what a visitor's browser remembers of a conversation, from the first opening of the chat on.
export interface Kept {
  host: string; // the server it belongs to
  token: string;
  conversation: string;
  seen: number; // seq of the last message that was looked at
  at: number; // ms since 1970: when it last changed
  messages: Message[];
}

const most = 200; // messages: more is read again from the server

// Memory keeps a conversation in localStorage, and only in the page where that is forbidden or full.
export class Memory {
  kept: Kept;
  private unsent: Say[] = [];

  constructor(private host: string) {
    this.kept = this.load();
  }

  private load(): Kept {
    const kept = read(fetchItem("usher") || "") as Kept | undefined;
    if (kept && kept.host == this.host && kept.token && Array.isArray(kept.messages)) return kept;
    return { host: this.host, token: "", conversation: "", seen: 0, at: 0, messages: [] };
  }

  // refresh takes over what another tab has learnt; a token belongs to the browser, not to the tab.
  refresh(): void {
    const there = this.load();
    if (there.token && there.token != this.kept.token) this.kept = there;
  }

  save(): void {
    const { kept } = this;
    kept.at = Date.now();
    // Where there is no room for the messages, the token at least: the rest is read again from the server.
    const { messages } = kept;
    storeItem("usher", write({ ...kept, messages: messages.slice(-most) })) || storeItem("usher", write({ ...kept, messages: [] }));
  }

  forget(): void {
    this.kept = { host: this.host, token: "", conversation: "", seen: 0, at: 0, messages: [] };
    storeItem("usher", "");
  }

  // waiting is what was said and not yet stored by the server, oldest first, whichever tab it was said in.
  waiting(): Say[] {
    const there = read(fetchItem("usher.unsent") || "");
    if (Array.isArray(there)) for (let i = 0; i < there.length; i++) if (!has(this.unsent, there[i].id)) this.unsent.push(there[i]);
    return this.unsent;
  }

  keep(say: Say): void {
    this.unsent = this.waiting();
    this.unsent.push(say);
    this.write();
  }

  // sent says whether the message was waiting; it is not any more.
  sent(id: string): boolean {
    const before = this.waiting();
    this.unsent = before.filter((s) => s.id != id);
    if (this.unsent.length == before.length) return false;
    this.write();
    return true;
  }

  private write(): void {
    storeItem("usher.unsent", this.unsent.length ? write(this.unsent) : "");
  }
}

function has(list: Say[], id: string): boolean {
  for (let i = 0; i < list.length; i++) if (list[i]!.id == id) return true;
  return false;
}

function fetchItem(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// storeItem says whether it could; where it is forbidden the page itself remembers, for as long as it stays.
function storeItem(key: string, text: string): boolean {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}
