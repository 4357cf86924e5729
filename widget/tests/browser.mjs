// One browser for a test file, a fresh profile for each test, and a server beside it.
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const chromiumPath = process.env.CHROMIUM || "/usr/bin/chromium";

export function withBrowser() {
  const held = {};
  before(async () => {
    held.browser = await chromium.launch({ executablePath: chromiumPath, args: flags, headless: true });
  });
  after(() => held.browser?.close());

  // visit opens a page with the widget: options are the browser context's, the server's, and the page itself.
  held.visit = async (t, { context: settings = {}, server: serverSettings = {}, html, headers, path = "/", clock = false } = {}) => {
    const server = await serve(serverSettings);
    const context = await held.browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...settings });
    context.setDefaultTimeout(10_000);
    t.after(async () => {
      await context.close();
      await server.close();
    });
    server.page = () => ({ headers, html: (html || plain)(server) });
    const page = await context.newPage();
    if (clock) await page.clock.install();
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(server.site + path);
    return { server, context, page, problems, ...parts(page) };
  };
  return held;
}

// parts are the widget's elements as a visitor finds them.
export function parts(page) {
  return {
    launcher: page.locator("usher-widget > button, usher-widget button:not([type])"),
    dialog: page.getByRole("dialog"),
    field: page.getByRole("dialog").getByRole("textbox"),
    bubbles: page.locator(".bubble"),
    option: (name) => page.getByRole("dialog").getByRole("button", { name }),
    state: page.locator(".state"),
  };
}

export const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme</title><meta name="viewport" content="width=device-width, initial-scale=1">`;

export const plain = (server) => `${head}${server.tag()}</head><body><main><h1>Acme</h1><p>A page.</p><a href="#x">A link</a></main></body></html>`;

// until waits for a condition outside the page.
export async function until(condition, what = "the condition") {
  for (let i = 0; i < 400; i++) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`${what} did not come true`);
}
