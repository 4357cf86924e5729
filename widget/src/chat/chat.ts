import type { Call, Handle, Theme } from "../handle";
import { Launcher } from "./launcher";
import { Line, type State } from "./line";
import { Listeners } from "./events";
import { Look } from "./look";
import { Memory } from "./memory";
import { Outbox } from "./outbox";
import { here, watchPages } from "./pages";
import { Panel } from "./panel";
import { Transcript } from "./transcript";
import { zone } from "./zone";
import type { Hello, Incoming, Message, Page, Trouble, Welcome } from "./wire";

const day = 24 * 3600_000; // a conversation that was silent for longer is not listened to before the chat is opened
const typingFor = 8_000; // dots without a message
const typingEvery = 3_000;
const hurry = 700; // a connection made within it is not talked about
const mostTracked = 20;
const patience = 3; // times a message may meet an error of the server's own

// Chat is the widget once it is loaded: it joins the line, the transcript and the panel, and serves window.Usher.
export class Chat {
  private memory: Memory;
  private transcript: Transcript;
  private outbox: Outbox;
  private line: Line;
  private panel: Panel;
  private look: Look;
  private launcher: Launcher;
  private listeners = new Listeners();
  private shown = false;
  private opener: HTMLElement | undefined; // what of the page's had the focus
  private language: string;
  private flow: string;
  private resume: string | null;
  private known: Record<string, string | number | boolean> = {};
  private identified = "";
  private tracked: Page[] = [];
  private forgot = false;
  private typed = 0;
  private dots: ReturnType<typeof setTimeout> | undefined;
  private slow: ReturnType<typeof setTimeout> | undefined;
  private saving = false;

  constructor(private handle: Handle) {
    const { script, button } = handle;
    const chat = new URL("v1/chat", script.src);
    this.language = script.getAttribute("data-language") || navigator.language || "en";
    this.flow = script.getAttribute("data-flow") || "";
    this.resume = script.getAttribute("data-resume");
    this.memory = new Memory(chat.host);
    this.transcript = new Transcript(this.memory.kept.messages);
    this.line = new Line(chat.href, this);
    this.outbox = new Outbox(this.memory, () => this.line, (id) => this.transcript.messages.some((m) => m.id == id));
    this.panel = new Panel(handle, {
      say: (text, value) => this.say(text, value),
      typing: () => this.typing(),
      close: () => this.close(),
    });
    this.look = new Look(handle, this.panel.element);
    this.launcher = new Launcher(button, handle, () => (this.shown ? this.close() : this.open()));
    this.panel.speak(undefined, this.language);
    this.dress();
    this.redraw();
    document.addEventListener("visibilitychange", () => this.glance());
    addEventListener("pagehide", () => this.saving && this.memory.save());
    watchPages(() => this.line.send({ type: "visit", page: here() }));
    const { token, at } = this.memory.kept;
    if (token && Date.now() - at < day) this.line.start();
  }

  // ── window.Usher ──

  open(): void {
    if (this.shown) return;
    this.shown = true;
    const active = document.activeElement as HTMLElement | null;
    this.opener = active && active != document.body && active != this.handle.root.host ? active : undefined;
    if (this.handle.hush) this.handle.hush();
    if (!this.transcript.messages.length && !this.outbox.waiting.length) this.panel.think(true);
    this.panel.open(true);
    this.line.start();
    this.glance();
    this.listeners.tell("open");
  }

  close(): void {
    if (!this.shown) return;
    this.shown = false;
    this.panel.close();
    this.glance();
    if (this.opener && this.opener.isConnected) this.opener.focus({ preventScroll: true });
    else this.launcher.focus();
    this.listeners.tell("close");
  }

  identify(known: Record<string, unknown>): void {
    const keys = Object.keys(known || {});
    for (let i = 0; i < keys.length; i++) {
      const value = known[keys[i]!];
      if (typeof value == "string" || typeof value == "number" || typeof value == "boolean") this.known[keys[i]!] = value;
    }
    this.tellKnown();
  }

  set(options: Theme & { language?: string; flow?: string }): void {
    if (!options) return;
    const { language, flow, color, corner, name, avatar, dark } = options;
    if (flow) this.flow = flow;
    const theme: Theme = {};
    if (color) theme.color = color;
    if (corner) theme.corner = corner;
    if (name) theme.name = name;
    if (avatar) theme.avatar = avatar;
    if (dark) theme.dark = dark;
    this.look.page(theme);
    if (language && language != this.language) {
      this.language = language;
      this.panel.speak(undefined, language);
      this.line.again();
    }
    this.dress();
  }

  // track tells of something that happened on the page; flows see it as a page: visited("/event/NAME").
  track(event: string, props?: Record<string, unknown>): void {
    const url = new URL("/event/" + encodeURIComponent(event), location.href);
    const keys = Object.keys(props || {});
    for (let i = 0; i < keys.length; i++) url.searchParams.set(keys[i]!, "" + props![keys[i]!]);
    const page = { url: url.href, title: event, referrer: location.href };
    if (!this.line.send({ type: "visit", page }) && this.tracked.length < mostTracked) this.tracked.push(page);
  }

  on(event: string, heard: (detail: unknown) => void): () => void {
    return this.listeners.on(event, heard);
  }

  run([name, first, second]: Call): unknown {
    if (name == "open") return this.open();
    if (name == "close") return this.close();
    if (name == "identify") return this.identify(first);
    if (name == "set") return this.set(first);
    if (name == "track") return this.track(first, second);
    if (name == "on") return this.on(first, second);
    return console.warn("Usher: there is no " + name);
  }

  // ── the line's owner ──

  hello(): Hello {
    const before = this.memory.kept;
    this.memory.refresh();
    const { kept } = this.memory;
    if (kept != before) {
      this.transcript = new Transcript(kept.messages);
      this.redraw();
    }
    return {
      type: "hello",
      token: kept.token,
      ...(kept.conversation && { conversation: kept.conversation }),
      after: this.transcript.after(),
      flow: this.flow || this.handle.flow || "",
      page: here(),
      language: this.language,
      timezone: zone(),
      ...((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl && { gpc: true }),
      ...(this.resume && { resume: this.resume }),
    };
  }

  frame(frame: Incoming): void {
    if (frame.type == "welcome") this.welcome(frame);
    else if (frame.type == "message") this.message(frame);
    else if (frame.type == "typing") this.thinks(typingFor);
    else if (frame.type == "error") this.trouble(frame);
    if (frame.type != "error") this.outbox.heard();
  }

  state(state: State): void {
    clearTimeout(this.slow);
    const { texts } = this.panel;
    if (state == "connecting") this.slow = setTimeout(() => this.panel.say(texts.connecting), hurry);
    else this.panel.say(state == "offline" ? texts.offline : "");
    if (state == "offline") this.panel.think(false);
  }

  private welcome(w: Welcome): void {
    const { kept } = this.memory;
    if (kept.conversation != w.conversation) {
      kept.seen = 0;
      this.transcript = new Transcript([]);
      this.redraw();
    }
    kept.token = w.token;
    kept.conversation = w.conversation;
    this.forgot = false;
    this.save();
    this.panel.speak(w.texts, w.language || this.language);
    this.look.flow(w.theme);
    this.dress();
    this.tellKnown();
    for (let page; (page = this.tracked.shift()); ) this.line.send({ type: "visit", page });
    this.outbox.flush();
  }

  private message(m: Message): void {
    if (m.id && this.outbox.take(m.id)) this.panel.say("");
    if (!this.transcript.add(m)) return;
    if (m.from != "visitor") this.thinks(0);
    this.panel.keepEnd(() => {
      this.panel.bubbles.add(m);
      this.ask();
    }, m.from == "visitor");
    this.glance();
    this.save();
    this.listeners.tell("message", { seq: m.seq, from: m.from, name: m.name, text: m.text, at: m.at });
    if (m.meeting) this.listeners.tell("meeting", { ...m.meeting });
    if (m.end) this.listeners.tell("end", { end: m.end });
  }

  // trouble is what the server refused: a token it does not know is forgotten, a message it cannot take now is sent
  // again, one it will never take is shown as not sent.
  private trouble(e: Trouble): void {
    const code = e.code;
    this.thinks(0);
    if (code == "unauthorized" || code == "not_found") {
      if (this.forgot) return;
      this.forgot = true;
      this.memory.forget();
      this.transcript = new Transcript([]);
      this.redraw();
      this.line.again();
    } else if (code == "busy" || code == "rate" || code == "stopping" || code == "internal") {
      if (!this.outbox.waiting.length) return;
      this.panel.say(this.panel.texts.waiting);
      if (this.outbox.later() > patience && code == "internal" && e.id) this.refused(e.id);
    } else if (e.id) this.refused(e.id);
  }

  // refused shows a message as not sent; it can be sent again, under a new id.
  private refused(id: string): void {
    const say = this.outbox.drop(id);
    this.panel.say("");
    if (!say) return;
    this.panel.bubbles.fail(id, this.panel.texts.failed, () => this.again(id, say.text, say.value));
    this.ask();
  }

  // ── what the visitor does ──

  private say(text: string, value?: string): void {
    const say = this.outbox.say(text, value);
    this.panel.keepEnd(() => {
      this.panel.bubbles.wait(say);
      this.ask();
    }, true);
    if (this.line.state == "open") this.dots = setTimeout(() => this.outbox.waiting.length && this.thinks(typingFor), 300);
  }

  private again(id: string, text: string, value?: string): void {
    this.panel.bubbles.take(id)?.remove();
    this.say(text, value);
  }

  private typing(): void {
    const now = Date.now();
    if (now - this.typed < typingEvery) return;
    this.typed = now;
    this.line.send({ type: "typing" });
  }

  // ── what the visitor sees ──

  private redraw(): void {
    this.panel.bubbles.clear();
    for (const m of this.transcript.messages) this.panel.bubbles.add(m);
    for (const say of this.outbox.waiting) this.panel.bubbles.wait(say);
    this.ask();
    this.glance();
  }

  private ask(): void {
    const ask = this.outbox.waiting.length ? undefined : this.transcript.open();
    this.panel.picker.show(ask);
    this.panel.composer.expect(ask?.type, ask?.field);
  }

  private thinks(ms: number): void {
    clearTimeout(this.dots);
    this.panel.think(ms > 0);
    if (ms) this.dots = setTimeout(() => this.panel.think(false), ms);
  }

  private dress(): void {
    this.panel.dress(this.look.theme);
    this.glance();
  }

  // glance notes what has been seen and shows the rest on the launcher.
  private glance(): void {
    const { kept } = this.memory;
    const last = this.transcript.last();
    if (this.shown && !document.hidden && last > kept.seen) {
      kept.seen = last;
      this.save();
    }
    this.launcher.show(this.shown, this.transcript.unread(kept.seen), this.panel.texts);
  }

  private tellKnown(): void {
    const key = this.memory.kept.conversation + JSON.stringify(this.known);
    if (!Object.keys(this.known).length || this.identified == key) return;
    if (this.line.send({ type: "identify", known: this.known })) this.identified = key;
  }

  // save writes once for all that a turn brings.
  private save(): void {
    this.memory.kept.messages = this.transcript.messages;
    if (this.saving) return;
    this.saving = true;
    setTimeout(() => {
      this.saving = false;
      if (this.memory.kept.token) this.memory.save();
    });
  }
}
