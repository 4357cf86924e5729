import { dark } from "../dark";
import type { Handle, Theme } from "../handle";

// Look keeps the theme on the launcher and the panel: the page's attributes win over what a flow says, and what the
// page sets later wins over both.
export class Look {
  theme: Theme = {};
  private sheet = new CSSStyleSheet();
  private key = "";
  private told: Theme = {};
  private said: Theme = {};

  constructor(
    private handle: Handle,
    private box: HTMLElement,
  ) {
    const { root } = handle;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.sheet];
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.apply());
    this.apply();
  }

  // flow takes the theme of the flow that talks.
  flow(theme: Theme | undefined): void {
    this.said = theme || {};
    this.apply();
  }

  // page takes what the page sets.
  page(theme: Theme): void {
    this.told = { ...this.told, ...theme };
    this.apply();
  }

  private apply(): void {
    const { config, script, button } = this.handle;
    const own = (theme: Theme | null | undefined, name: keyof Theme) => (theme && Object.prototype.hasOwnProperty.call(theme, name) && theme[name]) || "";
    const pick = (name: keyof Theme) =>
      own(this.told, name) || script.getAttribute("data-" + name) || own(this.said, name) || own(config.theme, name);
    const theme = (this.theme = { color: pick("color"), corner: pick("corner"), name: pick("name"), avatar: pick("avatar"), dark: pick("dark") });
    const night = dark(theme.dark);
    const key = [theme.color, theme.corner, night].join();
    if (key == this.key) return;
    this.key = key;
    const side = theme.corner == "left" ? "left:20px!important;right:auto!important" : "right:20px!important;left:auto!important";
    const color = theme.color && CSS.supports("color", theme.color) ? `--usher:${theme.color}` : "";
    this.sheet.replaceSync(`:host{${side};${color}}`);
    this.box.classList.toggle("left", theme.corner == "left");
    this.box.classList.toggle("dark", night);
    const ink = readable(getComputedStyle(button).backgroundColor);
    this.box.style.setProperty("--ink", ink);
    button.style.color = ink;
  }
}

// readable is black or white, whichever stands out from the colour: above a luminance of 0.183 white has less than the
// 4.5 : 1 of WCAG 1.4.3.
export function readable(color: string): string {
  const channels = color.match(/[\d.]+/g);
  if (!channels || channels.length < 3) return "#fff";
  const scale = color.startsWith("rgb") ? 255 : 1;
  const linear = (i: number) => {
    const v = +channels[i]! / scale;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2) > 0.183 ? "#000" : "#fff";
}
