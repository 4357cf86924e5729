// The real program: built if need be, started on a free port with a data folder of its own.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import initSqlJs from "sql.js";

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
// that of its Slack page.
export async function start(t, { command = ["serve"], wanted = ["url"] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "usher-e2e-"));
  const program = binary(folder);
  const data = join(folder, "data");
  const usher = { data };

  usher.serve = async (listen) => {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(USHER_|DATABASE_URL)/.test(name)));
    const child = spawn(program, [...command, "--listen", listen, "--data", data], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    child.stderr.on("data", (text) => (log += text));
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
    throw new Error(`usher ended before it was ready:\n${log}`);
  };

  // rows reads the database once the program has stopped and everything is in the one file.
  usher.rows = async (query) => {
    const { Database } = await initSqlJs();
    const database = new Database(readFileSync(join(data, "usher.db")));
    const [found] = database.exec(query);
    database.close();
    return found ? found.values.map((row) => Object.fromEntries(row.map((value, i) => [found.columns[i], value]))) : [];
  };

  t.after(async () => {
    await usher.kill?.("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    built = undefined;
  });
  await usher.serve("127.0.0.1:0");
  return usher;
}
