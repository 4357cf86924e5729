import assert from "node:assert/strict";
import { test } from "node:test";
import { head, until, withBrowser } from "./browser.mjs";

const held = withBrowser();

const body = "<main><h1>Acme</h1><p>A page.</p></main>";

test("a page with a strict policy shows the whole widget and nothing is refused", async (t) => {
  const refused = [];
  const { page, launcher, dialog, option, bubbles, server } = await held.visit(t, {
    html: (s) => `${head}${s.tag()}</head><body>${body}</body></html>`,
  });
  const host = server.url;
  const policy = `default-src 'none'; script-src ${host}; connect-src ${host} ${host.replace("http", "ws")}`;
  const before = server.page;
  server.page = (url) => ({ ...before(url), headers: { "Content-Security-Policy": policy } });
  page.on("console", (m) => /Content.Security/i.test(m.text()) && refused.push(m.text()));
  await page.goto(server.site + "/strict");
  await launcher.click();
  await option("Book a demo").click();
  await bubbles.getByText("How many people").waitFor();
  assert.equal(await dialog.evaluate((e) => getComputedStyle(e).borderTopLeftRadius), "20px", "the style sheet is adopted");
  assert.deepEqual(refused, []);
});

test("a policy without web sockets is no obstacle: the chat goes over plain HTTP", async (t) => {
  const { page, launcher, option, bubbles, server } = await held.visit(t);
  const before = server.page;
  const policy = `default-src 'none'; script-src ${server.url}; connect-src ${server.url}`;
  server.page = (url) => ({ ...before(url), headers: { "Content-Security-Policy": policy } });
  await page.goto(server.site + "/strict");
  await launcher.click();
  await option("Book a demo").click();
  await bubbles.getByText("How many people").waitFor();
  assert.equal(server.says().length, 1);
});

test("wild CSS of the page reaches nothing of the widget", async (t) => {
  const wild = `html{font-size:40px} *,*::before{all:revert;color:lime!important;font:italic 40px cursive!important;
    transform:rotate(3deg)!important;display:block!important;position:static!important;opacity:.3!important;padding:33px!important;
    letter-spacing:9px!important;direction:rtl!important;text-transform:uppercase!important;visibility:hidden!important}
    body,html{transform:none!important} button{border:9px solid red!important} div{background:pink!important} [hidden]{display:block!important}`;
  const looks = async (html) => {
    const { launcher, dialog, option } = await held.visit(t, { html });
    await launcher.click();
    await option("Book a demo").waitFor();
    const style = (e) => {
      const s = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      return [s.color, s.font, s.transform, s.display, s.opacity, s.padding, s.letterSpacing, s.direction, s.textTransform, s.visibility,
        s.border, s.backgroundColor, s.position, box.width, box.height];
    };
    return [await launcher.evaluate(style), await dialog.evaluate(style), await option("Book a demo").evaluate(style)];
  };
  const calm = await looks((s) => `${head}${s.tag()}</head><body>${body}</body></html>`);
  const stormy = await looks((s) => `${head}<style>${wild}</style>${s.tag()}</head><body>${body}</body></html>`);
  assert.deepEqual(stormy, calm);
});

test("a page whose libraries have changed the prototypes can still chat", async (t) => {
  const dirty = `<script>
    Array.prototype.toJSON = function () { return "prototype.js"; };
    String.prototype.toJSON = function () { return "'" + this + "'"; };
    Object.prototype.toJSON = function () { return "broken"; };
    Array.prototype.each = function () {}; Array.prototype.last = 1;
    Object.prototype.ask = { type: "choice", options: [{ value: "x", label: "polluted" }] };
    Object.prototype.meeting = { title: "polluted" }; Object.prototype.id = "polluted"; Object.prototype.name = "polluted";
    Object.prototype.extra = function () {};
    Array.prototype.reduce = Array.prototype.entries = Array.from = function () { throw new Error("mine"); };
    JSON.stringify = function () { return "{}"; };
  </script>`;
  const { page, launcher, option, field, bubbles, server, problems } = await held.visit(t, {
    html: (s) => `${head}${dirty}${s.tag()}</head><body>${body}</body></html>`,
  });
  await launcher.click();
  await option("Book a demo").click();
  await bubbles.getByText("How many people").waitFor();
  await field.fill('250 "seats" \\ \n more');
  await field.press("Enter");
  await bubbles.getByText("Which work e-mail").waitFor();
  assert.deepEqual(server.says().map((s) => s.text), ["Book a demo", '250 "seats" \\ \n more']);
  assert.equal(server.hellos[0].page.url, server.site + "/");
  assert.equal(await page.getByText("polluted").count(), 0);
  assert.deepEqual(problems, []);
});

test("two tags on a page are one widget", async (t) => {
  const { page, launcher, option } = await held.visit(t, {
    html: (s) => `${head}${s.tag()}</head><body>${body}${s.tag()}${s.tag("data-color=red")}</body></html>`,
  });
  await page.waitForLoadState("networkidle");
  assert.equal(await page.locator("usher-widget").count(), 1);
  await launcher.click();
  await option("Book a demo").waitFor();
  assert.equal(await page.getByRole("dialog").count(), 1);
});

test("before the chat is opened nothing is stored, no socket is made and the chat is not loaded", async (t) => {
  const { page, context, launcher, server, option } = await held.visit(t);
  const stored = () => page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length + document.cookie.length);
  await launcher.waitFor();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(server.requests.filter((r) => r.startsWith("/v1") || r.startsWith("/widget/")), []);
  await launcher.hover();
  await until(() => server.requests.some((r) => r.startsWith("/widget/chat-")), "the chat loads on intent");
  await page.waitForFunction(() => window.Usher._.run);
  assert.equal(await stored(), 0);
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(server.requests.filter((r) => r.startsWith("/v1")), []);
  await launcher.click();
  await option("Book a demo").waitFor();
  await page.waitForFunction(() => localStorage.usher);
  assert.deepEqual(await context.cookies(), []);
});

test("closed, the widget covers only its launcher", async (t) => {
  const { page, launcher, option } = await held.visit(t, { html: (s) => `${head}${s.tag()}<style>body{margin:0}main{height:100vh}</style></head><body>${body}</body></html>` });
  const covered = () =>
    page.evaluate(() => {
      const button = document.querySelector("usher-widget").shadowRoot.querySelector("button").getBoundingClientRect();
      const points = [];
      for (let x = 2; x < innerWidth; x += 7)
        for (let y = 2; y < innerHeight; y += 7) {
          const inside = x >= button.left && x <= button.right && y >= button.top && y <= button.bottom;
          if (!inside && document.elementFromPoint(x, y)?.tagName == "USHER-WIDGET") points.push([x, y]);
        }
      return points;
    });
  await launcher.waitFor();
  assert.deepEqual(await covered(), []);
  await launcher.click();
  await option("Book a demo").waitFor();
  assert.notDeepEqual(await covered(), []);
  await page.keyboard.press("Escape");
  await page.mouse.move(10, 10);
  assert.deepEqual(await covered(), []);
});

test("the size of the page's root font changes nothing", async (t) => {
  const { page, launcher, dialog } = await held.visit(t, { html: (s) => `${head}<style>html{font-size:4px}</style>${s.tag()}</head><body>${body}</body></html>` });
  await launcher.click();
  await page.mouse.move(5, 5);
  assert.equal((await launcher.boundingBox()).width, 56);
  assert.equal((await dialog.boundingBox()).width, 392);
});

test("it works from the head of a page that is still loading, and from a tag added later", async (t) => {
  const { page, launcher, option, server } = await held.visit(t, { html: (s) => `${head}<script src="${s.url}/widget.js"></script></head><body>${body}</body></html>` });
  await launcher.click();
  await option("Book a demo").waitFor();
  server.page = () => ({ html: `${head}</head><body>${body}</body></html>` });
  await page.goto(server.site + "/later");
  await page.evaluate((src) => document.body.append(Object.assign(document.createElement("script"), { src })), server.url + "/widget.js");
  await launcher.waitFor();
});

test("the stacking order can be chosen", async (t) => {
  const { page, launcher } = await held.visit(t, { html: (s) => `${head}${s.tag('data-z-index="77"')}</head><body>${body}</body></html>` });
  await launcher.waitFor();
  assert.equal(await page.locator("usher-widget").evaluate((e) => getComputedStyle(e).zIndex), "77");
});
