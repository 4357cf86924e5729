// One turn of the benchmark's flow in XState: restore from JSON, read the answer, score twenty rules, move, persist to
// JSON. Then the same turn of the engine, and their ratio.
import { execFileSync } from "node:child_process";
import { assign, createActor, createMachine } from "xstate";

const rules = [];
for (let i = 0; i < 5; i++) {
  rules.push({ part: "need", points: 4, because: `rule ${4 * i}`, holds: (a) => a.size >= 50 * (i + 1) });
  rules.push({ part: "need", points: 2, because: `rule ${4 * i + 1}`, holds: (a) => a.goal === "demo" && a.size > 100 * i });
  rules.push({ part: "budget", points: 5, because: `rule ${4 * i + 2}`, holds: (a) => a.budget >= 1000 * i });
  rules.push({ part: "timing", points: i, because: `rule ${4 * i + 3}`, holds: (a) => a.when === "now" });
}

function score(answers) {
  const receipt = { score: 0, parts: {}, reasons: [] };
  for (const r of rules) {
    if (!r.holds(answers)) continue;
    receipt.score += r.points;
    receipt.parts[r.part] = (receipt.parts[r.part] ?? 0) + r.points;
    receipt.reasons.push({ points: r.points, part: r.part, because: r.because });
  }
  receipt.grade = receipt.score >= 60 ? "hot" : receipt.score >= 30 ? "warm" : "cold";
  return receipt;
}

const number = (text) => Number(/-?\d+(\.\d+)?/.exec(text)?.[0]);

const keep = (field, read) =>
  assign(({ context, event }) => {
    const answers = { ...context.answers, [field]: read(event.text) };
    return {
      answers,
      said: [...context.said, { field, value: answers[field], said: event.text, at: new Date().toISOString() }],
      trail: [...context.trail, field],
      turns: context.turns + 1,
      score: score(answers),
    };
  });

const machine = createMachine({
  id: "bench",
  initial: "goal",
  context: {
    flow: "bench", language: "en", timezone: "Asia/Kolkata", visit: { page: "/pricing" },
    answers: {}, said: [], trail: [], turns: 0, score: { score: 0, grade: "cold", parts: {}, reasons: [] },
  },
  states: {
    goal: { on: { said: { target: "size", actions: keep("goal", (t) => t) } } },
    size: {
      on: {
        said: [
          { guard: ({ event }) => number(event.text) >= 100000, target: "done", actions: keep("size", number) },
          { guard: ({ context }) => context.answers.goal === "demo", target: "budget", actions: keep("size", number) },
          { target: "when", actions: keep("size", number) },
        ],
      },
    },
    when: { on: { said: { target: "budget", actions: keep("when", (t) => t) } } },
    budget: { on: { said: { target: "note", actions: keep("budget", number) } } },
    note: { on: { said: { target: "done", actions: keep("note", (t) => t) } } },
    done: { type: "final" },
  },
});

function turn(stored) {
  const actor = createActor(machine, { snapshot: JSON.parse(stored) });
  actor.start();
  actor.send({ type: "said", text: "about 250" });
  const out = JSON.stringify(actor.getPersistedSnapshot());
  actor.stop();
  return out;
}

const first = createActor(machine).start();
first.send({ type: "said", text: "demo" });
const stored = JSON.stringify(first.getPersistedSnapshot());
if (JSON.parse(turn(stored)).value !== "budget") throw new Error("the turn went wrong");

function measure() {
  for (let i = 0; i < 20000; i++) turn(stored);
  const n = 50000;
  const began = process.cpuUsage(); // processor time: what others do on the machine meanwhile does not count
  for (let i = 0; i < n; i++) turn(stored);
  const used = process.cpuUsage(began);
  return ((used.user + used.system) * 1000) / n;
}

const xstate = measure();
const out = execFileSync("go", ["test", "-run", "^$", "-bench", "BenchmarkTurn/usher", "-benchtime", "2s", "."], { cwd: "../..", encoding: "utf8" });
const usher = Number(/(\d+(?:\.\d+)?) cpu-ns\/op/.exec(out)[1]);
console.log(`turn: XState ${(xstate / 1000).toFixed(1)} µs, engine ${(usher / 1000).toFixed(1)} µs, ratio ${(usher / xstate).toFixed(2)}`);
