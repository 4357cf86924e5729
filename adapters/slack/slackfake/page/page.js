// The page of the rehearsal: who one is, where one looks and what stands there. The scene comes whole with each change;
// what did not change stays as it is on the screen.
import { make, mrkdwn } from "./mrkdwn.js";
import { render } from "./blocks.js";

const $ = (id) => document.getElementById(id);
const where = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const people = new Map();
const seen = new Map(); // channel → ts of the last message that was looked at
let scene, live;

function go(change, view) {
  const next = { ...where(), ...change };
  for (const key of Object.keys(next)) if (!next[key]) delete next[key];
  history.replaceState(null, "", "#" + new URLSearchParams(next));
  if (view) document.body.dataset.at = view;
  if ("me" in change) connect();
  else draw();
}

async function send(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ me: $("me").value, ...body }) }).catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  if (answer?.ok) return answer;
  toast(answer?.error ?? "The server is gone.");
}

let fading;
function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(fading);
  fading = setTimeout(() => $("toast").classList.remove("on"), 6000);
}

function connect() {
  live?.close();
  live = new EventSource("/live?me=" + encodeURIComponent(where().me ?? ""));
  live.onmessage = (event) => {
    scene = JSON.parse(event.data);
    $("state").textContent = "";
    draw();
  };
  live.onerror = () => ($("state").textContent = "no connection");
}

// current is the channel one looks at: the one in the address, or the first in which something was said (which is then
// stayed in), or the first.
function current() {
  const { channel } = where();
  const chosen = scene.channels.find((c) => c.id == channel);
  if (chosen) return chosen;
  const busy = scene.channels.find((c) => scene.messages[c.id].length);
  if (busy) history.replaceState(null, "", "#" + new URLSearchParams({ ...where(), channel: busy.id }));
  return busy ?? scene.channels[0];
}

function draw() {
  if (!scene) return;
  people.clear();
  for (const user of scene.users) people.set(user.id, user);
  people.set(scene.bot, { name: "Usher" });
  const channel = current();
  const { thread } = where();
  $("team").textContent = scene.team;
  document.title = `${channel ? name(channel) : "Slack"} · ${people.get(scene.me)?.name ?? ""} · rehearsal`;
  drawMe();
  drawChannels(channel);
  if (!channel) return;
  $("title").textContent = name(channel);
  const all = scene.messages[channel.id];
  const first = all.find((m) => m.ts == thread);
  document.body.classList.toggle("threaded", !!first);
  list($("messages"), all.filter((m) => !m.thread_ts || m.thread_ts == m.ts), channel, all);
  list($("answers"), first ? all.filter((m) => m.ts == thread || m.thread_ts == thread) : [], channel);
  const field = $("composer").elements[0];
  field.placeholder = `Message ${name(channel)}`;
  $("answer").elements[0].placeholder = "Answer…  (// stays internal)";
  drawView();
}

const name = (channel) => (channel.kind == "im" ? channel.name : (channel.kind == "group" ? "🔒 " : "# ") + channel.name);

function drawMe() {
  const key = JSON.stringify([scene.users, scene.me]);
  if ($("me").dataset.key == key) return;
  $("me").dataset.key = key;
  $("me").replaceChildren(...scene.users.map((u) => make("option", { value: u.id }, u.title ? `${u.name} · ${u.title}` : u.name)));
  $("me").value = scene.me;
}

function drawChannels(channel) {
  for (const [node, kind] of [[$("channels"), (c) => c.kind != "im"], [$("apps"), (c) => c.kind == "im"]]) {
    node.replaceChildren(
      ...scene.channels.filter(kind).map((c) => {
        const last = scene.messages[c.id].at(-1)?.ts ?? "";
        if (c == channel && document.visibilityState == "visible") seen.set(scene.me + c.id, last);
        const before = seen.get(scene.me + c.id) ?? "";
        const news = scene.messages[c.id].filter((m) => m.ts > before && m.user != scene.me).length;
        const item = make("button", { type: "button", "aria-current": c == channel ? "page" : null, class: news ? "news" : null }, make("span", {}, name(c)), news ? make("b", {}, String(news)) : null);
        item.addEventListener("click", () => {
          if (c.kind == "im") send("/home", { channel: c.id });
          go({ channel: c.id, thread: "" }, "channel");
        });
        return make("li", {}, item);
      }),
    );
  }
}

// list brings a list of messages up to date: by ts, and only what changed.
function list(node, messages, channel, all) {
  const bottom = node.scrollHeight - node.scrollTop - node.clientHeight < 80 || node.dataset.channel != channel.id + messages[0]?.ts;
  node.dataset.channel = channel.id + messages[0]?.ts;
  const there = new Map([...node.children].map((item) => [item.dataset.ts, item]));
  let grown = false;
  messages.forEach((m, i) => {
    const answers = all ? all.filter((a) => a.thread_ts == m.ts && a.ts != m.ts) : undefined;
    const key = JSON.stringify([m, answers?.length, answers?.at(-1)?.ts, scene.me]);
    let item = there.get(m.ts);
    if (item?.dataset.key != key) {
      const fresh = message(m, channel, answers);
      fresh.dataset.key = key;
      item ? item.replaceWith(fresh) : (grown = true);
      item = fresh;
    }
    there.delete(m.ts);
    if (node.children[i] != item) node.insertBefore(item, node.children[i] ?? null);
  });
  for (const gone of there.values()) gone.remove();
  if (bottom || (grown && messages.at(-1)?.user == scene.me)) node.scrollTop = node.scrollHeight;
}

const clock = (ts) => new Date(Number(ts.split(".")[0]) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function face(m, who) {
  const image = m.icon ?? people.get(m.user)?.image;
  if (image) return make("img", { class: "face", src: image, alt: "" });
  const hue = [...who].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 8;
  const initials = (who.match(/[\p{L}\p{N}]+/gu) ?? ["?"]).map((w) => w[0].toUpperCase()).slice(0, 2).join("");
  return make("span", { class: `face hue${m.bot && !m.username ? "bot" : hue}`, "aria-hidden": "true" }, initials);
}

function message(m, channel, answers) {
  const who = m.username || people.get(m.user)?.name || m.user;
  const use = async (block, element, option, node) => {
    if (node) node.disabled = true;
    await send("/act", { channel: channel.id, ts: m.ts, action: element.action_id, block: block.block_id, option });
    if (node?.isConnected) {
      node.disabled = false;
      if (node.tagName == "SELECT") node.value = "";
    }
  };
  const content = m.blocks?.length ? render(m.blocks, people, use) : [make("p", {}, ...mrkdwn(m.text, people))];
  const files = (m.files ?? []).map((f) => make("p", { class: "file" }, "📎 " + f.name));
  const body = make(
    "div",
    { class: "body" },
    make("p", { class: "head" }, make("strong", {}, who), m.bot ? make("span", { class: "app" }, "APP") : null, make("time", {}, clock(m.ts)), m.edited && !m.bot ? make("small", {}, "(edited)") : null),
    m.ephemeral ? make("p", { class: "only" }, "👁 Only you can see this") : null,
    make("div", { class: "blocks" }, ...content, ...files),
  );
  if (answers && !m.ephemeral) {
    const open = make("button", { type: "button", class: "replies" + (answers.length ? "" : " none") }, answers.length ? `${answers.length} ${answers.length == 1 ? "reply" : "replies"}` : "Reply in thread");
    open.addEventListener("click", () => go({ channel: channel.id, thread: m.ts }, "thread"));
    body.append(open);
  }
  return make("li", { "data-ts": m.ts, class: (m.ephemeral ? "ephemeral " : "") + (m.bot ? "bot" : "") }, face(m, who), body);
}

// drawView shows the modal that the app opened for this member.
function drawView() {
  const dialog = $("view");
  const view = scene.views[0];
  if (!view) return dialog.open && dialog.close();
  if (dialog.dataset.id == view.id + view.hash && dialog.open) return;
  dialog.dataset.id = view.id + view.hash;
  dialog.querySelector("h2").textContent = view.title.text;
  dialog.querySelector(".blocks").replaceChildren(...render(view.blocks, people, () => {}));
  dialog.querySelector("[value=submit]").textContent = view.submit?.text ?? "Submit";
  if (!dialog.open) dialog.showModal();
}

function valuesOf(view, dialog) {
  const values = {};
  for (const b of view.blocks) {
    if (b.type != "input") continue;
    const field = dialog.querySelector(`[data-block="${CSS.escape(b.block_id)}"]`);
    const chosen = (b.element.options ?? []).find((o) => o.value == field.value);
    values[b.block_id] = { [b.element.action_id]: b.element.options ? { type: b.element.type, selected_option: chosen ?? null } : { type: b.element.type, value: field.value || null } };
  }
  return values;
}

$("view").querySelector("[value=cancel]").addEventListener("click", () => send("/submit", { view: scene.views[0]?.id, action: "close" }));
$("view").addEventListener("cancel", (event) => (event.preventDefault(), send("/submit", { view: scene.views[0]?.id, action: "close" })));
$("view").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const view = scene.views[0];
  if (view) send("/submit", { view: view.id, values: valuesOf(view, $("view")) });
});

for (const [id, thread] of [["composer", false], ["answer", true]]) {
  const form = $(id);
  const field = form.elements[0];
  const grow = () => {
    field.style.height = "auto";
    field.style.height = Math.min(field.scrollHeight, 160) + "px";
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key != "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return;
    field.value = "";
    grow();
    if (!(await send("/say", { channel: current().id, thread: thread ? where().thread : "", text }))) field.value ||= text;
  });
}

$("me").addEventListener("change", () => go({ me: $("me").value, thread: "" }));
$("to-list").addEventListener("click", () => (document.body.dataset.at = "list"));
$("to-room").addEventListener("click", () => (document.body.dataset.at = "channel"));
$("close-thread").addEventListener("click", () => go({ thread: "" }, "channel"));
addEventListener("hashchange", connect);
document.addEventListener("visibilitychange", draw);
if (where().thread) document.body.dataset.at = "thread";
connect();
