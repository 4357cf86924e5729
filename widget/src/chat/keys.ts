import type { Composer } from "./composer";
import type { Picker } from "./picker";

const pause = 600; // ms after a lone digit in the empty composer: another key means that it begins a text

// Keys is the panel by keyboard: Escape closes, digits choose, and where the panel fills the screen Tab stays in it.
export class Keys {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private panel: HTMLElement,
    private picker: Picker,
    private composer: Composer,
    private close: () => void,
    private modal: () => boolean,
  ) {
    panel.addEventListener("keydown", (e) => this.key(e));
    // What is pressed here is none of the page's business: its shortcuts stay its own.
    panel.addEventListener("keyup", (e) => e.stopPropagation());
    panel.addEventListener("keypress", (e) => e.stopPropagation());
  }

  private key(e: KeyboardEvent): void {
    e.stopPropagation();
    clearTimeout(this.timer);
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key == "Escape") {
      e.preventDefault();
      this.close();
    } else if (e.key == "Tab" && this.modal()) this.turn(e);
    else if (/^[1-9]$/.test(e.key)) this.digit(e, +e.key);
  }

  private digit(e: KeyboardEvent, n: number): void {
    const key = this.picker.key(n);
    if (!key) return;
    const { field } = this.composer;
    if (e.target != field) {
      e.preventDefault();
      this.picker.press(n);
    } else if (!field.value) {
      this.timer = setTimeout(() => {
        if (field.value != "" + n || this.picker.key(n) != key) return;
        field.value = "";
        field.dispatchEvent(new Event("input"));
        this.picker.press(n);
      }, pause);
    }
  }

  private turn(e: KeyboardEvent): void {
    const all = this.panel.querySelectorAll<HTMLElement>("button:not(:disabled), textarea, a[href], [tabindex='0']");
    const seen: HTMLElement[] = [];
    for (let i = 0; i < all.length; i++) if (all[i]!.offsetParent) seen.push(all[i]!);
    const active = (this.panel.getRootNode() as ShadowRoot).activeElement;
    const edge = e.shiftKey ? seen[0] : seen[seen.length - 1];
    if (!seen.length || (active != edge && active != this.panel)) return;
    if (active == this.panel && !e.shiftKey) return;
    e.preventDefault();
    (e.shiftKey ? seen[seen.length - 1]! : seen[0]!).focus();
  }
}
