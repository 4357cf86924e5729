// mrkdwn, Slack's way of writing, as nodes: never as HTML text.
const emoji = {
  fire: "🔥", sunny: "☀️", snowflake: "❄️", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", wave: "👋", calendar: "📅", date: "📅",
  phone: "📞", telephone_receiver: "📞", email: "✉️", bell: "🔔", eyes: "👀", red_circle: "🔴", large_green_circle: "🟢", speech_balloon: "💬", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", star: "⭐", bust_in_silhouette: "👤", raising_hand: "🙋", zzz: "💤", arrow_right: "➡️", rotating_light: "🚨", page_facing_up: "📄", link: "🔗",
  office: "🏢", information_source: "ℹ️", leftwards_arrow_with_hook: "↩️", white_circle: "⚪", moneybag: "💰", dart: "🎯", tada: "🎉", memo: "📝", lock: "🔒", globe_with_meridians: "🌐", alarm_clock: "⏰", thumbsup: "👍", "+1": "👍", no_entry: "⛔",
};
const inline = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*?\S)~(?![\w~])|:([a-z0-9_+-]+):/;
const plain = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  node.append(...children.filter((child) => child != null));
  return node;
}

const safe = (url) => (/^(https?:|mailto:|tel:)/i.test(url) ? url : null);

// date is a moment in the reader's own zone, as <!date^seconds^format|fallback> wants it.
function date(target, fallback) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(at.getTime())) return fallback;
  const day = (style) => at.toLocaleDateString([], style);
  return format.replace(/\{(\w+)\}/g, (all, name) => {
    if (name.startsWith("time")) return at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", ...(name == "time_secs" && { second: "2-digit" }) });
    if (name.startsWith("date_long")) return day({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    if (name == "date_num") return day({ day: "2-digit", month: "2-digit", year: "numeric" });
    return name.startsWith("date") ? day({ day: "numeric", month: "short", year: "numeric" }) : all;
  });
}

// reference is what stands between < and >: a link, a person, a channel, a call to everybody, a date.
function reference(inside, people) {
  const [target, label] = inside.split("|");
  if (target[0] == "@") return make("span", { class: "mention" }, "@" + (people.get(target.slice(1))?.name ?? label ?? target.slice(1)));
  if (target[0] == "#") return make("span", { class: "mention" }, "#" + (label ?? target.slice(1)));
  if (target.startsWith("!date^")) return document.createTextNode(date(target, plain(label ?? "")));
  if (target[0] == "!") return make("span", { class: "mention alarm" }, "@" + target.slice(1));
  const url = safe(plain(target));
  return url ? make("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, plain(label ?? target)) : document.createTextNode(plain(inside));
}

function pieces(text, people) {
  const out = [];
  for (let rest = text; rest; ) {
    const found = inline.exec(rest);
    if (!found) return [...out, plain(rest)];
    if (found.index) out.push(plain(rest.slice(0, found.index)));
    const [all, block, code, angle, bold, italic, struck, name] = found;
    if (block != null) out.push(make("pre", {}, plain(block.replace(/^\n/, ""))));
    else if (code != null) out.push(make("code", {}, plain(code)));
    else if (angle != null) out.push(reference(angle, people));
    else if (bold != null) out.push(make("strong", {}, ...pieces(bold, people)));
    else if (italic != null) out.push(make("em", {}, ...pieces(italic, people)));
    else if (struck != null) out.push(make("s", {}, ...pieces(struck, people)));
    else out.push(emoji[name] ?? all);
    rest = rest.slice(found.index + all.length);
  }
  return out;
}

// mrkdwn gives the nodes of a text: lines, and quotes of the lines that begin with >.
export function mrkdwn(text, people) {
  const out = [];
  let quote;
  const parts = text.split(/(```[\s\S]+?```)/);
  parts.forEach((part) => {
    if (part.startsWith("```")) return out.push(...pieces(part, people));
    part.split("\n").forEach((line, i) => {
      const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
      if (quoted) {
        if (!quote) out.push((quote = make("blockquote")));
        else quote.append(make("br"));
        quote.append(...pieces(quoted[1], people));
        return;
      }
      if (i && !quote) out.push(make("br"));
      quote = undefined;
      out.push(...pieces(line, people));
    });
  });
  return out;
}
