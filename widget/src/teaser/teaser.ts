// The teaser greets beside the launcher after the flow's time on the page. It is loaded only where a flow has one, says
// one sentence once, and nothing is kept of its being dismissed.
import type { Handle, Show } from "../handle";
import { dark } from "../dark";
import css from "./teaser.css";

const page = window as any;
const handle = page.Usher._ as Handle;
let bubble: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

// A pattern is a path in which * matches any run of characters.
function fits(pattern: string): boolean {
  const source = pattern.replace(/\W/g, (c) => (c == "*" ? ".*" : "\\" + c));
  return new RegExp("^" + source + "$").test(location.pathname);
}

// The first show that fits the page greets; another page of the same visit starts the wait again.
function wait(): void {
  clearTimeout(timer);
  for (const show of handle.config.shows || []) {
    if (show.pages && show.pages.length && !show.pages.some(fits)) continue;
    if (show.after && show.teaser) timer = setTimeout(greet, show.after, show);
    return;
  }
}

function greet(show: Show): void {
  if (bubble || handle.run) return;
  const { root, config, script } = handle;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  bubble = document.createElement("div");
  const left = (script.dataset.corner || config.theme?.corner) == "left";
  bubble.className = `tease${left ? " left" : ""}${dark(config.theme?.dark) ? " dark" : ""}`;
  bubble.dir = "auto";
  const say = button("say", show.teaser!, () => {
    handle.flow = show.flow;
    page.Usher.open();
  });
  say.onpointerenter = handle.button.onfocus as any;
  const no = button("no", "×", hush);
  no.ariaLabel = "Dismiss";
  bubble.append(say, no);
  root.append(bubble);
}

function button(name: string, text: string, click: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = name;
  element.textContent = text;
  element.onclick = click;
  return element;
}

function hush(): void {
  clearTimeout(timer);
  bubble?.remove();
}

handle.hush = hush;
page.navigation?.addEventListener("currententrychange", wait);
wait();
