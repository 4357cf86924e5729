// Builds dist from src; with --check it only says whether dist is what src builds to.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = ["es2022", "chrome105", "firefox115", "safari16.4"];
const limits = { "launcher.js": 1024, all: 20 * 1024 };
const mark = '"__USHER_CONFIG__"';

// Style sheets become strings in the script: they are adopted, so that a page that forbids inline styles shows them.
const styles = {
  name: "styles",
  setup(on) {
    on.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [`${here}src/${entry}`],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    legalComments: "none",
    target,
    format: "iife",
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
    plugins: [styles],
  });
  return outputFiles[0].text;
}

async function files() {
  const launcher = await bundle("launcher/launcher.ts");
  const chat = await bundle("chat/main.ts");
  const teaser = await bundle("teaser/teaser.ts");
  // One hash for both: the launcher is told the chat's name and makes the teaser's from it.
  const hash = createHash("sha256").update(chat).update(teaser).digest("hex").slice(0, 10);
  return { [`chat-${hash}.js`]: chat, "launcher.js": launcher, [`teaser-${hash}.js`]: teaser };
}

function refuse(reason) {
  console.error(`widget: ${reason}`);
  process.exit(1);
}

function measure(built) {
  let all = 0;
  for (const [name, text] of Object.entries(built)) {
    const size = gzipSync(text, { level: 9 }).length;
    all += size;
    console.log(`${name.padEnd(20)} ${String(text.length).padStart(6)} bytes, ${String(size).padStart(6)} gzip`);
    if (limits[name] < size) refuse(`${name} is ${size} bytes in gzip, the limit is ${limits[name]}`);
  }
  if (all > limits.all) refuse(`all of it is ${all} bytes in gzip, the limit is ${limits.all}`);
  if (built["launcher.js"].split(mark).length !== 2) refuse(`launcher.js must contain ${mark} exactly once`);
}

async function check(built) {
  const there = (await readdir(`${here}dist`)).sort().join(" ");
  const wanted = Object.keys(built).sort().join(" ");
  if (there !== wanted) refuse(`dist holds ${there}, src builds ${wanted}: run npm run build`);
  for (const [name, text] of Object.entries(built)) {
    if ((await readFile(`${here}dist/${name}`, "utf8")) !== text) refuse(`dist/${name} is not what src builds: run npm run build`);
  }
}

async function write(built) {
  await rm(`${here}dist`, { recursive: true, force: true });
  await mkdir(`${here}dist`);
  for (const [name, text] of Object.entries(built)) await writeFile(`${here}dist/${name}`, text);
}

const built = await files();
measure(built);
await (process.argv.includes("--check") ? check(built) : write(built));
