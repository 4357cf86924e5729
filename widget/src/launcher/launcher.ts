// The launcher is all a page pays for while the chat is closed: one button, and window.Usher, which keeps what it is
// told until the chat is loaded. It stores nothing and opens no connection.
import type { Call, Config, Handle } from "../handle";
import css from "./launcher.css";

const config = "__USHER_CONFIG__" as unknown as Config;
const page = window as any;
const doc = document;
const before = page.Usher;

// A second tag finds the first one's handle and does nothing; an array holds calls made before the script came.
if (!before?._) {
  const script = doc.currentScript as HTMLScriptElement;
  const data = script.dataset;
  const theme = config.theme;
  let loader: any;

  const make = (tag: string): any => doc.createElement(tag);
  const get = (path: string) => {
    const element = make("script");
    element.src = new URL(path, script.src);
    element.nonce = script.nonce;
    element.onerror = () => (loader = 0);
    doc.head.append(element);
    return element;
  };
  const load = () => (loader ||= get(config.chat));
  const run = (call: Call) => {
    if (handle.run) return handle.run(call);
    handle.calls.push(call);
    if (call[0] == "open") load();
  };

  const host = make("usher-widget");
  const root = host.attachShadow({ mode: "open" });
  const button = make("button");
  button.ariaLabel = "Open chat";
  button.onclick = () => run(["open"]);
  button.onpointerenter = button.onfocus = load;
  root.append(button);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    ((data.corner || theme?.corner) == "left" ? css.replace("right", "left") : css) +
      `:host{z-index:${+data.zIndex! || 2147483e3}!important;--usher:${CSS.supports("color", data.color!) ? data.color : theme?.color || "#4f46e5"}`,
  );
  root.adoptedStyleSheets = [sheet];
  const handle: Handle = { config, script, root, button, calls: [] };
  page.Usher = { _: handle, push: run };
  for (const name of ["open", "close", "identify", "set", "track", "on"]) page.Usher[name] = (...rest: any) => run([name, ...rest]);
  before?.map(run);

  const start = () => {
    doc.documentElement.append(host);
    config.shows?.some((show) => show.teaser) && get(config.chat.replace("chat-", "teaser-"));
    try {
      localStorage.usher && load();
    } catch {}
  };
  doc.body ? start() : addEventListener("DOMContentLoaded", start);
}
