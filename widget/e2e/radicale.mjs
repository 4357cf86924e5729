// The CalDAV server Radicale on a free port, and a client of it that is not usher's.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../tests/browser.mjs";

export async function radicale(t, user = "asha", password = "sesame") {
  const folder = mkdtempSync(join(tmpdir(), "usher-radicale-"));
  const port = await freePort();
  writeFileSync(join(folder, "users"), `${user}:${password}\n`);
  writeFileSync(
    join(folder, "config"),
    `[server]\nhosts = 127.0.0.1:${port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = ${folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = ${folder}/data\n[logging]\nlevel = error\n`,
  );
  const child = spawn("radicale", ["--config", join(folder, "config")], { stdio: "ignore" });
  const gone = new Promise((done) => child.once("exit", done));
  t.after(async () => {
    child.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  const root = `http://127.0.0.1:${port}`;
  const home = `${root}/${user}/`;
  const headers = { Authorization: "Basic " + Buffer.from(`${user}:${password}`).toString("base64") };
  const ask = (method, url, body, more = {}) => fetch(url, { method, body, headers: { ...headers, ...more } });
  await until(() => fetch(root + "/.web/").then(() => true, () => false), "Radicale");
  const calendar = home + "work/";
  const made = await ask("MKCALENDAR", calendar, '<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop><d:displayname>Work</d:displayname></d:prop></d:set></c:mkcalendar>');
  if (made.status != 201) throw new Error(`Radicale makes no calendar: ${made.status}`);

  // events are all in the calendar: where each stands and its properties, unfolded.
  async function events() {
    const found = await ask("PROPFIND", calendar, '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>', { Depth: "1" });
    const names = [...(await found.text()).matchAll(/<(?:\w+:)?href>([^<]*\.ics)<\//g)].map(([, href]) => href);
    return Promise.all(names.map(async (href) => ({ href, ...properties(await (await ask("GET", root + href)).text()) })));
  }
  const put = (name, text) => ask("PUT", name.startsWith("/") ? root + name : calendar + name, text, { "Content-Type": "text/calendar" });
  const remove = (href) => ask("DELETE", root + href);
  return { home, calendar, events, put, remove };
}

// properties are those of a text's first VEVENT, by name without parameters.
function properties(text) {
  const inside = text.replace(/\r?\n[ \t]/g, "").split("BEGIN:VEVENT")[1] || "";
  const lines = inside.split("END:VEVENT")[0].trim().split(/\r?\n/);
  return { text, ...Object.fromEntries(lines.map((line) => [/^[^;:]+/.exec(line)[0], line.slice(line.indexOf(":") + 1)])) };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
