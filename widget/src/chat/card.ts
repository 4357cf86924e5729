import { icon, icons, make } from "./dom";
import type { Texts } from "./texts";
import type { Meeting } from "./wire";

// card shows a booked meeting with the ways to save and to change it; one that was overtaken or does not take place only
// what it was.
export function card(meeting: Meeting, texts: Texts, overtaken: boolean): HTMLElement {
  const { title, day, time, rep, place, status, note, url, file, google, outlook } = meeting;
  const off = overtaken || status == "cancelled" || status == "clashed";
  const lines = make("div", "lines", {}, make("strong", "", {}, title || texts.booked));
  const when = [day, time].filter(Boolean).join(", ");
  if (when) lines.append(make("div", "when", { dir: "auto" }, when));
  for (const line of overtaken ? [texts.old] : off ? [note] : [rep, place, note]) if (line) lines.append(make("div", "", { dir: "auto" }, line));
  if (!overtaken) {
    if (file) lines.append(links([texts.save, file], ["Google", google], ["Outlook", outlook]));
    lines.append(links([file || note ? texts.change : texts.meeting, url]));
  }
  return make("div", off ? "card off" : "card", {}, make("div", "tick", {}, icon(off ? icons.close : icons.done)), lines);
}

function links(...all: [string, string | undefined][]): HTMLElement {
  const element = make("div", "links");
  for (const [name, href] of all) {
    if (href && /^https?:\/\//.test(href)) element.append(make("a", "", { href, target: "_blank", rel: "noopener noreferrer" }, name));
  }
  return element;
}
