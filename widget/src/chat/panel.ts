import type { Handle, Theme } from "../handle";
import { Bubbles } from "./bubbles";
import { Composer } from "./composer";
import { button, icon, icons, make, photo } from "./dom";
import { Keys } from "./keys";
import { Phone } from "./phone";
import { Picker } from "./picker";
import { direction, textsWith, type Texts } from "./texts";
import css from "./chat.css";

export interface Doing {
  say(text: string, value?: string): void;
  typing(): void;
  close(): void;
}

// Panel is the open chat: header, log, answers, state of the connection, composer.
export class Panel {
  texts: Texts = textsWith(undefined);
  readonly element = make("div", "panel", { role: "dialog", tabindex: "-1" });
  readonly bubbles: Bubbles;
  readonly picker: Picker;
  readonly composer: Composer;
  private language = "";
  private avatar = make("div", "avatar", { "aria-hidden": "true" });
  private name = make("div", "name");
  private shut: HTMLButtonElement;
  private dots = make("div", "dots", { role: "status" }, make("i"), make("i"), make("i"), make("span", "hidden"));
  private state = make("div", "state", { role: "status" });
  private newer: HTMLButtonElement;
  private scroller: HTMLElement;
  private phone: Phone;
  private pinned = true; // the end of the log is in view, and stays so
  private moving = false;

  constructor(
    handle: Handle,
    doing: Doing,
  ) {
    const texts = () => this.texts;
    this.bubbles = new Bubbles(texts, (at) => this.clock(at));
    this.picker = new Picker(texts, (text, value) => {
      doing.say(text, value);
      this.rest();
    });
    this.composer = new Composer(
      (text) => doing.say(text),
      doing.typing,
      () => this.say(this.texts.long),
    );
    this.shut = button("shut", "", doing.close, icon(icons.close));
    this.newer = button("newer", "", () => this.toEnd(), icon(icons.down));
    this.scroller = make("div", "scroll", { tabindex: "0", role: "region" }, this.bubbles.element, this.dots, this.picker.element);
    const header = make("div", "header", {}, this.avatar, this.name, this.shut);
    this.element.append(header, this.scroller, this.newer, this.state, this.composer.element);
    this.element.hidden = this.dots.hidden = this.newer.hidden = this.picker.element.hidden = true;
    this.phone = new Phone(this.element, () => this.pinned && this.toEnd());
    new Keys(this.element, this.picker, this.composer, doing.close, () => this.phone.on);
    this.scroller.addEventListener("scroll", () => this.moved(), { passive: true });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    handle.root.adoptedStyleSheets = [...handle.root.adoptedStyleSheets, sheet];
    handle.root.append(this.element);
    this.speak(undefined, "en");
  }

  // speak sets the words and the direction of the panel itself.
  speak(given: Record<string, string> | undefined, language: string): void {
    this.texts = textsWith(given);
    this.language = language;
    this.element.lang = language;
    this.element.dir = direction(language);
    this.shut.setAttribute("aria-label", this.texts.close);
    this.newer.setAttribute("aria-label", this.texts.newer);
    this.scroller.setAttribute("aria-label", this.texts.log);
    this.bubbles.element.setAttribute("aria-label", this.texts.log);
    this.composer.label(this.texts);
  }

  // dress shows the name and the avatar: a picture where it may be loaded, else the first letter.
  dress(theme: Theme): void {
    const name = theme.name || this.texts.title;
    this.name.textContent = name;
    this.element.setAttribute("aria-label", name);
    this.dots.lastElementChild!.textContent = `${name} ${this.texts.typing}`;
    this.avatar.textContent = "";
    this.avatar.append(theme.name ? ([...theme.name][0] || "").toUpperCase() : icon(icons.bot));
    if (theme.avatar) this.avatar.append(photo(theme.avatar));
  }

  open(focus: boolean): void {
    this.element.hidden = false;
    this.element.classList.add("in");
    this.phone.show();
    this.toEnd();
    if (focus) this.rest();
  }

  close(): void {
    this.element.hidden = true;
    this.phone.hide();
  }

  // rest gives the focus to the composer; on a touch screen to the panel, so that no keyboard covers the answers.
  rest(): void {
    (matchMedia("(pointer: coarse)").matches ? this.element : this.composer.field).focus({ preventScroll: true });
  }

  think(on: boolean): void {
    if (this.dots.hidden != on) return;
    this.keepEnd(() => (this.dots.hidden = !on));
  }

  say(state: string): void {
    this.keepEnd(() => (this.state.textContent = state));
  }

  // keepEnd does something that changes the log and stays at its end, if it was there.
  keepEnd(change: () => void, own = false): void {
    const before = this.bubbles.element.childElementCount;
    change();
    if (own || this.pinned) this.toEnd();
    else if (this.bubbles.element.childElementCount > before) this.newer.hidden = false;
  }

  // toEnd moves once a frame, however much is added: reading the layout after each message would cost far more.
  private toEnd(): void {
    this.pinned = true;
    if (this.moving) return;
    this.moving = true;
    requestAnimationFrame(() => {
      this.moving = false;
      this.scroller.scrollTop = this.scroller.scrollHeight;
    });
  }

  private moved(): void {
    const s = this.scroller;
    this.pinned = this.moving || s.scrollHeight - s.scrollTop - s.clientHeight < 60;
    if (this.pinned) this.newer.hidden = true;
  }

  private clock(at: string): string {
    const date = new Date(at);
    if (isNaN(+date)) return "";
    try {
      return new Intl.DateTimeFormat(this.language, { dateStyle: "medium", timeStyle: "short" }).format(date);
    } catch {
      return "";
    }
  }
}
