import assert from "node:assert/strict";
import { build } from "esbuild";
import { test } from "node:test";

async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [new URL(`../src/chat/${name}.ts`, import.meta.url).pathname],
    bundle: true, write: false, format: "esm", loader: { ".css": "text" },
  });
  return import("data:text/javascript;base64," + Buffer.from(outputFiles[0].text).toString("base64"));
}

const { read, write } = await load("json");
const { Events } = await load("stream");
const { Transcript } = await load("transcript");
const { readable } = await load("look");
const { direction } = await load("texts");

test("what is written as JSON is read back equal", () => {
  const values = [{ a: 1, b: "x\"\\\n\u0000\u2028é😀", c: [true, null, -1.5e-9, []], d: {} }, "", 0, [[1], { x: [{}] }]];
  for (const value of values) assert.deepEqual(JSON.parse(write(value)), value);
  assert.equal(write({ a: undefined, f() {}, n: NaN }), '{"n":null}');
});

test("what is read inherits nothing, and what is no JSON is nothing", () => {
  const value = read('{"a":[{"b":1}],"__proto__":{"x":1}}');
  assert.equal(Object.getPrototypeOf(value), null);
  assert.equal(Object.getPrototypeOf(value.a[0]), null);
  assert.equal(value.a[0].b, 1);
  assert.equal(read("{"), undefined);
});

test("events are read the same however the bytes are cut", () => {
  const text = ': hi\r\nretry: 1\r\n\r\nid: 1\ndata: {"type":"message",\ndata: "seq":1}\n\nid: 2\r\ndata:{"type":"message","seq":2}\r\n\r\n';
  for (let size = 1; size <= text.length; size++) {
    const heard = [];
    const events = new Events((frame) => heard.push(frame.seq));
    for (let i = 0; i < text.length; i += size) events.take(text.slice(i, i + size));
    assert.deepEqual(heard, [1, 2], `in pieces of ${size}`);
  }
});

test("messages are merged by seq, whatever order and however often they come", () => {
  const message = (seq, from = "bot", ask) => ({ type: "message", seq, from, text: "" + seq, ask });
  const orders = [[1, 2, 3, 4], [4, 3, 2, 1], [2, 2, 4, 1, 3, 3, 1], [3, 1, 4, 2]];
  for (const order of orders) {
    const transcript = new Transcript([]);
    for (const seq of order) transcript.add(message(seq));
    assert.deepEqual(transcript.messages.map((m) => m.seq), [1, 2, 3, 4]);
  }
  const gap = new Transcript([1, 2, 5].map((seq) => message(seq)));
  assert.equal(gap.after(), 2);
  assert.equal(gap.last(), 5);
});

test("a question is open until the visitor or a person has spoken", () => {
  const ask = { field: "goal", type: "choice" };
  const open = (...from) => new Transcript(from.map((f, i) => ({ seq: i + 1, from: f, ask: i == 0 ? ask : undefined }))).open();
  assert.equal(open("bot"), ask);
  assert.equal(open("bot", "bot"), ask);
  assert.equal(open("bot", "visitor"), undefined);
  assert.equal(open("bot", "rep"), undefined);
});

test("text on any grey is at least 4.5 to 1", () => {
  const luminance = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  for (let v = 0; v < 256; v++) {
    const back = luminance(v);
    const ink = readable(`rgb(${v}, ${v}, ${v})`) == "#fff" ? 1 : 0;
    assert.ok((Math.max(back, ink) + 0.05) / (Math.min(back, ink) + 0.05) >= 4.5, `grey ${v}`);
  }
});

test("languages written from the right are known", () => {
  for (const tag of ["fa", "ar-EG", "he", "ur-PK", "ckb"]) assert.equal(direction(tag), "rtl");
  for (const tag of ["en", "hi-IN", "fr", "id", "et"]) assert.equal(direction(tag), "ltr");
});
