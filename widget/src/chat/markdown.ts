// A safe subset of Markdown, rendered by DOM calls: paragraphs, lists, bold, italic, links to https and mailto, escaped
// characters. What is none of these stays the text it is.

const bullet = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;

// render puts the text into the element.
export function render(into: HTMLElement, text: string): void {
  const blocks = text.replace(/\r\n?/g, "\n").split(/\n\s*\n/);
  for (let i = 0; i < blocks.length; i++) if (blocks[i]!.trim()) block(into, blocks[i]!.split("\n"));
}

function block(into: HTMLElement, lines: string[]): void {
  let list: HTMLElement | undefined;
  let paragraph: HTMLElement | undefined;
  for (let i = 0; i < lines.length; i++) {
    const item = bullet.exec(lines[i]!);
    if (!item) {
      if (!paragraph) paragraph = child(into, "p");
      else child(paragraph, "br");
      list = undefined;
      inline(paragraph, lines[i]!.trim());
      continue;
    }
    const tag = item[1] ? "OL" : "UL";
    if (!list || list.tagName != tag) {
      list = child(into, tag);
      if (item[1] && item[1] != "1") list.setAttribute("start", item[1]);
    }
    paragraph = undefined;
    inline(child(list, "li"), item[2]!);
  }
}

// One alternative each: an escaped character, bold, italic by star or by underscore, a link, a bare address.
const mark =
  /\\([!-\/:-@[-`{-~])|\*\*(?=\S)((?:\\.|[^\\])+?)\*\*|\*(?=[^\s*])((?:\\.|[^\\*])+?)\*|(?<![^\s("'[*])_(?=\S)((?:\\.|[^\\])+?)_(?![^\s.,;:!?)"'\]*])|\[((?:\\.|[^\\\]])+)\]\(((?:\\.|\([^\s()\\]*\)|[^\s\\)])+)\)|(https:\/\/[^\s<>"*\\]+)/;

function inline(into: HTMLElement, text: string): void {
  for (let rest = text; rest; ) {
    const m = mark.exec(rest);
    if (!m) return into.append(rest);
    if (m.index) into.append(rest.slice(0, m.index));
    rest = rest.slice(m.index + m[0].length);
    if (m[1]) into.append(m[1]);
    else if (m[2]) inline(child(into, "strong"), m[2]);
    else if (m[3] || m[4]) inline(child(into, "em"), (m[3] || m[4])!);
    else if (m[6]) link(into, m[6].replace(/\\(.)/g, "$1"), m[5]!);
    else rest = bare(into, m[7]!) + rest;
  }
}

// bare links an address that stands in the text; the stop at the end of the sentence is not part of it.
function bare(into: HTMLElement, found: string): string {
  const address = found.replace(/[.,;:!?)\]'"]+$/, "");
  link(into, address);
  return found.slice(address.length);
}

// link refuses all schemes but https and mailto (and http on this machine, for trying out): the words stay, unlinked.
function link(into: HTMLElement, address: string, words?: string): void {
  const fine = /^(https:\/\/[^\s/]|mailto:[^\s]+@|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$))/i.test(address);
  const a = child(into, fine ? "a" : "span") as HTMLAnchorElement;
  if (fine) {
    a.href = address;
    a.target = "_blank";
    a.rel = "noopener noreferrer";
  }
  if (words) inline(a, words);
  else a.textContent = address.replace(/^https:\/\//, "");
}

function child(parent: HTMLElement, tag: string): HTMLElement {
  const element = document.createElement(tag);
  parent.append(element);
  return element;
}
