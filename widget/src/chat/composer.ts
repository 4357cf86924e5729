import { button, icon, icons, make } from "./dom";
import type { Texts } from "./texts";

const most = 4096; // bytes: the longest message the server reads

// Which keyboard a phone shows for a type of answer.
const keyboards: Record<string, string> = { email: "email", phone: "tel", url: "url", number: "decimal", money: "decimal" };
const fills: Record<string, string> = { email: "email", phone: "tel", name: "name", company: "organization", url: "url" };

// Composer is the field to write in. It grows with the text; Enter sends, Shift + Enter breaks the line.
export class Composer {
  readonly field = make("textarea", "", { rows: "1", enterkeyhint: "send" });
  private send = button("send", "", () => this.submit(), icon(icons.send));
  readonly element = make("div", "composer", {}, this.field, this.send);

  constructor(
    private say: (text: string) => void,
    private typing: () => void,
    private long: () => void,
  ) {
    this.field.addEventListener("input", () => {
      this.fit();
      if (this.field.value) this.typing();
    });
    this.field.addEventListener("keydown", (e) => {
      if (e.key != "Enter" || e.shiftKey || e.isComposing) return;
      e.preventDefault();
      this.submit();
    });
    this.fit();
  }

  label(texts: Texts): void {
    this.field.placeholder = texts.placeholder;
    this.field.setAttribute("aria-label", texts.placeholder.replace(/…$/, ""));
    this.send.setAttribute("aria-label", texts.send);
  }

  // expect fits the keyboard and what a browser fills in to the open question.
  expect(type = "", field = ""): void {
    this.field.inputMode = keyboards[type] || "text";
    this.field.setAttribute("autocomplete", fills[field] || fills[type] || "off");
  }

  private submit(): void {
    const text = this.field.value.trim();
    if (!text) return this.field.focus();
    if (new TextEncoder().encode(text).length > most) return this.long();
    this.field.value = "";
    this.fit();
    this.say(text);
  }

  private fit(): void {
    this.send.classList.toggle("ready", !!this.field.value.trim());
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = Math.min(this.field.scrollHeight, 132) + "px";
  }
}
