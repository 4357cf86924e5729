// Writes free.txt and disposable.txt: one domain a line, sorted by bytes, so that the program can search them as they
// are. The first lines name the source; "#" sorts before every domain, so they do not disturb the search.
import { readFileSync, writeFileSync } from "node:fs";

const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

function read(name, list) {
  const base = `node_modules/${name}/`;
  const { version, license } = JSON.parse(readFileSync(base + "package.json"));
  const domains = JSON.parse(readFileSync(base + list)).map((d) => d.trim().toLowerCase());
  return { source: `${name} ${version} (${license}), npm`, domains: new Set(domains.filter((d) => domain.test(d))) };
}

function write(file, { source, domains }) {
  const sorted = [...domains].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  writeFileSync(file, [`# ${source}`, ...sorted].join("\n") + "\n");
  console.log(`${file}: ${sorted.length} domains from ${source}`);
}

const disposable = read("disposable-email-domains-js", "dist/dict/disposable_email_blocklist.json");
const free = read("free-email-domains", "domains.json");
for (const d of disposable.domains) free.domains.delete(d); // the free list repeats them; each domain is in one file
write("disposable.txt", disposable);
write("free.txt", free);
