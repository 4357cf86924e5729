// make builds an element: its class, what is in it, and attributes.
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name = "",
  attributes: Record<string, string> = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name) element.className = name;
  const keys = Object.keys(attributes);
  for (let i = 0; i < keys.length; i++) element.setAttribute(keys[i]!, attributes[keys[i]!]!);
  for (let i = 0; i < inside.length; i++) element.append(inside[i]!);
  return element;
}

// button is one that does not send a form.
export function button(name: string, label: string, click: () => void, ...inside: (Node | string)[]): HTMLButtonElement {
  const element = make("button", name, { type: "button" }, ...inside);
  if (label) element.setAttribute("aria-label", label);
  element.onclick = click;
  return element;
}

// photo is a picture that leaves when it cannot be loaded; the host page learns nothing of it.
export function photo(src: string): HTMLImageElement {
  const image = make("img", "", { alt: "", src, referrerpolicy: "no-referrer" });
  image.onerror = () => image.remove();
  return image;
}

// icon is a picture of 24 × 24 drawn with one stroked path.
export function icon(path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const icons = {
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  done: "M5 12.5l4.5 4.5L19 7.5",
  down: "M12 5v14M5.5 12.5L12 19l6.5-6.5",
  bot: "M12 4.5a8 7.5 0 1 1-3.6 14.2L4 20l1.2-4.2A8 7.5 0 0 1 12 4.5M9 12h.01M12 12h.01M15 12h.01",
};
