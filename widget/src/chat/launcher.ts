import type { Handle } from "../handle";
import { make } from "./dom";
import type { Texts } from "./texts";

// Launcher is the button once the chat is there: it opens and closes, and says how much is unread.
export class Launcher {
  private badge = make("div", "badge", { "aria-hidden": "true" });

  constructor(
    private button: HTMLButtonElement,
    { root }: Handle,
    toggle: () => void,
  ) {
    button.onclick = toggle;
    button.setAttribute("aria-haspopup", "dialog");
    this.badge.hidden = true;
    root.append(this.badge);
  }

  show(open: boolean, unread: number, texts: Texts): void {
    const news = !open && unread > 0;
    this.button.classList.toggle("on", open);
    this.button.setAttribute("aria-expanded", "" + open);
    this.button.setAttribute("aria-label", open ? texts.close : texts.open + (news ? ` (${unread} ${texts.unread})` : ""));
    this.badge.hidden = !news;
    this.badge.textContent = unread > 9 ? "9+" : "" + unread;
  }

  focus(): void {
    this.button.focus({ preventScroll: true });
  }
}
