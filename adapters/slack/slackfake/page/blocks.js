// Block Kit as nodes. use(block, element, option) is called when somebody presses or picks.
import { make, mrkdwn } from "./mrkdwn.js";

const words = (text, people) => (text?.type == "mrkdwn" ? mrkdwn(text.text, people) : [text?.text ?? ""]);

export function render(blocks, people, use) {
  return blocks.map((block) => (kinds[block.type] ?? unknown)(block, people, use));
}

const kinds = {
  header: (b) => make("h3", {}, b.text.text),
  divider: () => make("hr"),
  image: (b) => make("figure", {}, make("img", { src: b.image_url, alt: b.alt_text })),
  markdown: (b, people) => make("p", {}, ...mrkdwn(b.text.replace(/\*\*(.+?)\*\*/g, "*$1*").replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>"), people)),
  context: (b, people) =>
    make("p", { class: "context" }, ...b.elements.map((e) => (e.type == "image" ? make("img", { src: e.image_url, alt: e.alt_text }) : make("span", {}, ...words(e, people))))),
  section(b, people, use) {
    const body = make("div", { class: "body" });
    if (b.text) body.append(make("p", {}, ...words(b.text, people)));
    if (b.fields) body.append(make("div", { class: "fields" }, ...b.fields.map((f) => make("p", {}, ...words(f, people)))));
    return make("div", { class: "section" }, body, b.accessory ? element(b, b.accessory, use) : null);
  },
  actions: (b, people, use) => make("div", { class: "actions" }, ...b.elements.map((e) => element(b, e, use))),
  input(b, people, use) {
    const field = element(b, b.element, use);
    field.dataset.block = b.block_id;
    field.dataset.action = b.element.action_id;
    return make("label", { class: "input" }, b.label.text, field, b.hint ? make("small", {}, b.hint.text) : null);
  },
  rich_text: (b, people) => make("p", {}, ...flat(b.elements, people)),
};

const unknown = (b) => make("p", { class: "context" }, `[${b.type}]`);

const flat = (list, people) =>
  list.flatMap((e) => {
    if (e.type == "text") return [e.style?.bold ? make("strong", {}, e.text) : e.text];
    if (e.type == "link") return [e.text ?? e.url];
    if (e.type == "user") return ["@" + (people.get(e.user_id)?.name ?? e.user_id)];
    return e.elements ? flat(e.elements, people) : [];
  });

function element(block, e, use) {
  if (e.type == "button") return button(block, e, use);
  if (e.type == "image") return make("img", { class: "thumb", src: e.image_url, alt: e.alt_text });
  if (e.type == "plain_text_input") return Object.assign(make(e.multiline ? "textarea" : "input", { placeholder: e.placeholder?.text }), { value: e.initial_value ?? "" });
  if (e.options || e.option_groups) return menu(block, e, use);
  return make("span", { class: "context" }, `[${e.type}]`);
}

function button(block, e, use) {
  if (e.url) {
    const link = make("a", { class: "button " + (e.style ?? ""), href: e.url, target: "_blank", rel: "noreferrer noopener" }, e.text.text);
    link.addEventListener("click", () => use(block, e));
    return link;
  }
  const node = make("button", { type: "button", class: e.style, "data-action": e.action_id, "aria-label": e.accessibility_label }, e.text.text);
  node.addEventListener("click", () => use(block, e, undefined, node));
  return node;
}

const option = (o) => make("option", { value: o.value }, o.text.text);

function menu(block, e, use) {
  const node = make("select", { "data-action": e.action_id, "aria-label": e.placeholder?.text ?? e.action_id });
  node.append(make("option", { value: "" }, e.placeholder?.text ?? (e.type == "overflow" ? "⋯" : "Choose…")));
  for (const o of e.options ?? []) node.append(option(o));
  for (const g of e.option_groups ?? []) node.append(make("optgroup", { label: g.label.text }, ...g.options.map(option)));
  node.value = e.initial_option?.value ?? "";
  node.addEventListener("change", () => node.value && use(block, e, node.value, node));
  return node;
}
