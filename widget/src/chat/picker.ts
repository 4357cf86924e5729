import { button, make } from "./dom";
import type { Texts } from "./texts";
import type { Ask, Option } from "./wire";

export type Choose = (text: string, value?: string) => void;

// Picker shows the answers of the open question: buttons with number keys, times by day, or several to tick.
export class Picker {
  readonly element = make("div", "picker", { role: "group" });
  private keys: HTMLButtonElement[] = [];

  constructor(
    private texts: () => Texts,
    private choose: Choose,
  ) {}

  show(ask: Ask | undefined): void {
    this.element.textContent = "";
    this.keys = [];
    const options = (ask && ask.options) || [];
    this.element.hidden = !ask || (!options.length && !ask.optional);
    if (!ask) return;
    const slot = ask.type == "slot";
    this.element.className = "picker " + (slot ? "slots" : ask.type);
    this.element.setAttribute("aria-label", slot ? this.texts().times : this.texts().answers);
    if (slot) this.slots(options);
    else if (ask.type == "choices") this.several(options);
    else for (const o of options) this.element.append(this.option("option", o));
    if (ask.optional) this.quiet(this.texts().skip);
  }

  // press chooses by number key, from 1; it says whether there is such an answer.
  press(number: number): boolean {
    const key = this.key(number);
    if (key) key.click();
    return !!key;
  }

  key(number: number): HTMLButtonElement | undefined {
    return this.keys[number - 1];
  }

  private option(name: string, o: Option, click = () => this.choose(o.label, o.value)): HTMLButtonElement {
    const element = button(name, "", click, make("span", "", { dir: "auto" }, o.label));
    this.number(element);
    return element;
  }

  // chip is a time: its name is spoken, and said, with its day.
  private chip(o: Option): HTMLButtonElement {
    const day = o.day ? o.day + ", " : "";
    const element = this.option("chip", o, () => this.choose(day + o.label, o.value));
    element.lastElementChild!.before(make("span", "hidden", {}, day));
    return element;
  }

  private number(element: HTMLButtonElement): void {
    const n = this.keys.push(element);
    if (n > 9) return;
    element.prepend(make("kbd", "", { "aria-hidden": "true" }, "" + n));
    element.setAttribute("aria-keyshortcuts", "" + n);
  }

  private slots(options: Option[]): void {
    let day: string | undefined;
    let chips: HTMLElement | undefined;
    for (const o of options) {
      if (!chips || o.day != day) {
        day = o.day;
        chips = make("div", "chips");
        const group = make("div", "day", { role: "group" });
        if (day) {
          group.setAttribute("aria-label", day);
          group.append(make("div", "name", {}, day));
        }
        group.append(chips);
        this.element.append(group);
      }
      chips.append(this.chip(o));
    }
    if (options.length) this.quiet(this.texts().none);
  }

  private several(options: Option[]): void {
    const done = button("option done", "", () => this.tell(options), this.texts().done);
    for (const o of options) {
      const element: HTMLButtonElement = this.option("option", o, () => {
        element.setAttribute("aria-pressed", "" + (element.getAttribute("aria-pressed") != "true"));
        done.disabled = !this.element.querySelector("[aria-pressed=true]");
      });
      element.setAttribute("aria-pressed", "false");
      this.element.append(element);
    }
    done.disabled = true;
    this.element.append(done);
  }

  private tell(options: Option[]): void {
    const said: string[] = [];
    for (let i = 0; i < options.length; i++) if (this.keys[i]!.getAttribute("aria-pressed") == "true") said.push(options[i]!.label);
    this.choose(said.join(", "));
  }

  private quiet(text: string): void {
    this.element.append(button("quiet", "", () => this.choose(text), text));
  }
}
