// Sizes and script time of the widget beside Typebot's embed, measured in one run: `npm run bench`.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { chromiumPath, head, until } from "../tests/browser.mjs";
import { serve } from "../tests/server.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const rounds = +process.env.ROUNDS || 15;
const peer = `${here}node_modules/@typebot.io/js/dist/web.js`;
if (!existsSync(peer)) execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], { cwd: here, stdio: "inherit" });

const zip = (text) => gzipSync(text, { level: 9 }).length;
const median = (all) => all.sort((a, b) => a - b)[all.length >> 1];
const dist = `${here}../dist/`;
const sizes = Object.fromEntries(readdirSync(dist).map((name) => [name.split(/[-.]/)[0], zip(readFileSync(dist + name))]));
const typebot = readFileSync(peer);

const usher = await serve();
usher.page = ({ pathname }) => ({ html: `${head}${pathname == "/empty" ? "" : usher.tag()}</head><body><h1>Acme</h1></body></html>` });
const other = createServer((request, response) => {
  if (request.url == "/web.js") return response.writeHead(200, { "Content-Type": "text/javascript" }).end(typebot);
  if (request.url != "/") return response.writeHead(404).end();
  const start = `import Typebot from "/web.js"; Typebot.initBubble({ typebot: "demo", apiHost: location.origin }); window.ready = true;`;
  response.writeHead(200, { "Content-Type": "text/html" }).end(`${head}<script type="module">${start}</script></head><body><h1>Acme</h1></body></html>`);
});
await new Promise((done) => other.listen(0, "127.0.0.1", done));
const otherUrl = `http://127.0.0.1:${other.address().port}/`;

const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"] });

// cost is the milliseconds of processor time a fresh page spends in compiling and running script until the expression
// holds. Only the bare protocol is used: the driver's own scripts would count.
async function cost(url, begin, done) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const run = async (expression) => (await session.send("Runtime.evaluate", { expression, awaitPromise: true })).result.value;
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url);
  await until(() => run(begin), begin);
  await until(() => run(done), done);
  const { metrics } = await session.send("Performance.getMetrics");
  await context.close();
  const of = (name) => metrics.find((m) => m.name == name)?.value || 0;
  return (of("ScriptDuration") + of("V8CompileDuration")) * 1000;
}

const loaded = "document.readyState == 'complete'";
const runs = {
  empty: () => cost(usher.site + "/empty", loaded, "true"),
  closed: () => cost(usher.site + "/", loaded, "!!window.Usher && !!document.querySelector('usher-widget')"),
  open: () => cost(usher.site + "/", "!!window.Usher && (Usher.open(), true)", "!!document.querySelector('usher-widget').shadowRoot.querySelector('.option')"),
  typebot: () => cost(otherUrl, "!!window.ready", "!!document.querySelector('typebot-bubble')?.shadowRoot?.querySelector('button')"),
};
const times = { empty: [], closed: [], open: [], typebot: [] };
for (const run of Object.values(runs)) await run(); // the first of each warms the caches up
for (let i = 0; i < rounds; i++) for (const name of Object.keys(runs)) times[name].push(await runs[name]());
await browser.close();
await usher.close();
other.close();
const ms = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
const net = (name) => ms[name] - ms.empty;
const all = sizes.launcher + sizes.chat + sizes.teaser;
const kb = (bytes) => `${(bytes / 1024).toFixed(2)} KB`;
console.log(`gzip    launcher ${sizes.launcher} bytes (limit 1024) · all of the widget ${kb(all)} (limit 20 KB) · Typebot ${kb(zip(typebot))}`);
console.log(`script  closed ${net("closed").toFixed(2)} ms · loaded, opened and greeted ${net("open").toFixed(2)} ms · Typebot closed ${net("typebot").toFixed(2)} ms`);
console.log(`ratio   closed ${(net("closed") / net("typebot")).toFixed(3)} · open ${(net("open") / net("typebot")).toFixed(3)} of Typebot's script time (closed: limit 0.1), medians of ${rounds}`);
