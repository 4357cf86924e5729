import { openSocket } from "./socket";
import { openStream } from "./stream";
import type { Ears, Hello, Incoming, Outgoing, Wire } from "./wire";

// State is what the visitor is told of the connection.
export type State = "idle" | "connecting" | "open" | "offline";

export interface Owner {
  hello(): Hello;
  frame(frame: Incoming): void;
  state(state: State): void;
}

const patience = 8_000; // for a welcome, before the way is given up
const quiet = 60_000; // after so long without a word a connection is not trusted when the visitor comes back
const silence = 120_000; // event streams say something far more often
const first = 500; // the wait before the second try; it doubles
const longest = 30_000;
const proof = 5_000; // a connection that lasts so long was a good one: the waits start small again

const ways = [openSocket, openStream] as const;

// Line keeps one connection: by socket, or over HTTP where sockets do not get through. It comes back on its own with
// growing, jittered waits, and at once when the page is seen again or the network returns.
export class Line {
  state: State = "idle";
  private wire: Wire | undefined;
  private way = 0;
  private proven = -1; // the way that worked last
  private tries = 0;
  private switched = false; // the other way is being tried in this round
  private heard = 0;
  private since = 0; // when it opened
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private chat: string,
    private owner: Owner,
  ) {
    addEventListener("online", () => this.wake(true));
    addEventListener("offline", () => this.lost());
    addEventListener("pageshow", (e) => e.persisted && this.wake(true));
    addEventListener("pagehide", () => this.drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake(false));
    setInterval(() => this.watch(), silence / 4);
  }

  start(): void {
    if (this.state != "idle") return;
    this.tell("connecting");
    this.dial();
  }

  // again leaves the connection and makes a new one.
  again(): void {
    if (this.state == "idle") return;
    this.tries = 0;
    this.switched = false;
    this.dial();
  }

  send(frame: Outgoing): boolean {
    if (this.state != "open" || !this.wire) return false;
    this.wire.send(frame);
    return true;
  }

  private dial(): void {
    this.drop();
    const ears: Ears = {
      ready: () => this.wire?.send(this.owner.hello()),
      frame: (frame) => this.hear(frame),
      alive: () => (this.heard = Date.now()),
      down: () => this.failed(),
    };
    this.timer = setTimeout(() => this.failed(), patience);
    try {
      this.wire = ways[this.way]!(this.chat, ears);
    } catch {
      this.failed(); // the page's policy forbids it
    }
  }

  private hear(frame: Incoming): void {
    this.heard = Date.now();
    if (frame.type == "welcome") {
      clearTimeout(this.timer);
      this.proven = this.way;
      this.since = this.heard;
      this.switched = false;
      this.tell("open");
    }
    this.owner.frame(frame);
  }

  // failed goes the other way once when this one is not known to work, else waits and tries again.
  private failed(): void {
    const wasOpen = this.state == "open";
    if (wasOpen && Date.now() - this.since > proof) this.tries = 0;
    this.drop();
    if (!wasOpen && !this.switched && (this.proven < 0 || this.tries % 3 == 2)) {
      this.switched = true;
      this.way = 1 - this.way;
      return this.dial();
    }
    this.way = Math.max(this.proven, 0);
    this.switched = false;
    this.tell(wasOpen ? "connecting" : "offline");
    const wait = Math.min(longest, first * 2 ** this.tries++);
    this.timer = setTimeout(() => this.dial(), wait * (0.5 + Math.random() / 2));
  }

  private lost(): void {
    if (this.state == "idle") return;
    this.tell("offline");
    this.failed();
  }

  private wake(changed: boolean): void {
    if (this.state == "idle") return;
    if (changed || this.state != "open" || Date.now() - this.heard > quiet) this.again();
  }

  private watch(): void {
    if (this.state == "open" && this.way == 1 && Date.now() - this.heard > silence) this.failed();
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.wire?.close();
    this.wire = undefined;
  }

  private tell(state: State): void {
    this.state = state;
    this.owner.state(state);
  }
}
