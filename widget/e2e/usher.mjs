// The real program: built if need be, started on a free port with a data folder of its own.
import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import initSqlJs from "sql.js";

const key = "a key of the tests, of more than 32 bytes";
let built;

function binary(folder) {
  if (process.env.USHER_BIN) return process.env.USHER_BIN;
  if (!built) {
    built = join(folder, "usher");
    execFileSync("go", ["build", "-o", built, "."], { cwd: fileURLToPath(new URL("../../", import.meta.url)), stdio: "inherit" });
  }
  return built;
}

// start runs `usher serve`, or another command that serves, and waits for the address it prints; for a rehearsal also for
// that of its Slack page. files are those of a workspace of its own, env what is set beside.
export async function start(t, { command = ["serve"], wanted = ["url"], files, env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "usher-e2e-"));
  const program = binary(folder);
  const data = join(folder, "data");
  const usher = { data };
  let said = "";
  const workspace = join(folder, "workspace");
  for (const [name, text] of Object.entries(files || {})) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  const more = files ? ["--workspace", workspace, "--demo", "on"] : [];

  usher.serve = async (listen) => {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(USHER_|DATABASE_URL)/.test(name)));
    Object.assign(environment, env, { USHER_KEY: key });
    const child = spawn(program, [...command, ...more, "--listen", listen, "--data", data], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (text) => (said += text));
    usher.gone = new Promise((done) => child.once("exit", done));
    usher.kill = (signal) => (child.kill(signal), usher.gone);
    for await (const line of createInterface({ input: child.stdout })) {
      const found = /https?:\/\/[^\s,]+/.exec(line);
      if (!found) continue;
      usher[/Slack/.test(line) ? "slack" : "url"] = found[0].replace(/\/$/, "");
      if (!wanted.every((name) => usher[name])) continue;
      child.stdout.resume();
      return;
    }
    throw new Error(`usher ended before it was ready:\n${said}`);
  };

  // rows reads the database once the program has stopped and everything is in the one file.
  usher.rows = async (query) => {
    const { Database } = await initSqlJs();
    const database = new Database(readFileSync(join(data, "usher.db")));
    const [found] = database.exec(query);
    database.close();
    return found ? found.values.map((row) => Object.fromEntries(row.map((value, i) => [found.columns[i], value]))) : [];
  };

  // link signs a link as usher does: for a meeting's page of the visitor ("meeting") or of the reps ("rep"), a feed.
  usher.link = (path, purpose, subject, until) => {
    const ends = until ? Math.floor(until / 1000) : 0;
    const mac = createHmac("sha256", key).update(["usher link v2", purpose, subject, ends].join("\0")).digest("base64url");
    return `${usher.url}${path}?s=v2.${ends}.${mac}`;
  };
  usher.log = () => said;

  t.after(async () => {
    await usher.kill?.("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    built = undefined;
  });
  await usher.serve("127.0.0.1:0");
  return usher;
}
