// A server that speaks usher.v1 as the real one does, and can be told to misbehave: sockets blocked, busy, gone.
import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const dist = new URL("../dist/", import.meta.url);
const goal = {
  field: "goal",
  type: "choice",
  options: [
    { value: "demo", label: "Book a demo" },
    { value: "price", label: "See prices" },
    { value: "help", label: "Get help" },
  ],
};
const slots = {
  field: "slot",
  type: "slot",
  options: [
    { value: "2026-11-24T10:00:00Z", label: "10:00", day: "Tuesday 24 November" },
    { value: "2026-11-24T15:30:00Z", label: "15:30", day: "Tuesday 24 November" },
    { value: "2026-11-26T09:00:00Z", label: "09:00", day: "Thursday 26 November" },
  ],
};
const tools = {
  field: "tools",
  type: "choices",
  optional: true,
  options: [
    { value: "crm", label: "CRM" },
    { value: "chat", label: "Team chat" },
  ],
};

// What the bot says after each of the visitor's messages, in order.
const script = [
  () => [{ text: "Hi! I can answer questions and set you up with the right person." }, { text: "What brings you here today?", ask: goal }],
  () => [{ text: "How many people will use it?", ask: { field: "team_size", type: "number" } }],
  () => [{ text: "Which work e-mail should the invitation go to?", ask: { field: "email", type: "email" } }],
  (said) => [{ text: `Asha can show you round. Mail goes to **${said.replace(/[\\*_[\]]/g, "\\$&")}**. Which time suits you?`, ask: slots }],
  (said) => [
    { text: `Done: ${said}. [Your meeting](https://acme.example/m/1)`, meeting: { title: "Meeting with Asha Rao", day: "Tuesday 24 November", time: "10:00", url: "https://acme.example/m/1" } },
    { text: "Which of these do you use?", ask: tools },
  ],
  () => [{ text: "See you then!", end: "qualified" }],
];

export async function serve({ texts = {}, language = "en", config = {}, page = () => "" } = {}) {
  const files = await readdir(dist);
  const chat = files.find((f) => f.startsWith("chat-"));
  const state = { conversations: new Map(), hellos: [], frames: [], requests: [], sockets: true, busy: 0, theme: {}, texts, language, page, ignore: false };

  function conversation(token) {
    for (const c of state.conversations.values()) if (c.token == token) return c;
    const c = { id: randomUUID(), token: randomUUID(), messages: [], step: 0, ears: new Set() };
    state.conversations.set(c.id, c);
    speak(c, "");
    return c;
  }
  function add(c, message) {
    const m = { type: "message", seq: c.messages.length + 1, at: "2026-11-23T10:00:00Z", ...message };
    c.messages.push(m);
    for (const ear of c.ears) ear(m);
    return m;
  }
  function speak(c, said) {
    for (const m of (script[c.step++] || (() => [{ text: "All right." }]))(said)) add(c, { from: "bot", ...m });
  }
  function take(c, frame) {
    state.frames.push(frame);
    if (frame.type != "say") return undefined;
    const before = c.messages.find((m) => m.id == frame.id);
    if (before) return before;
    if (state.busy-- > 0) return { type: "error", code: "busy", text: "Please try again in a moment.", id: frame.id };
    if (state.broken) return { type: "error", code: "internal", text: "Something went wrong.", id: frame.id };
    if (frame.text == "refuse me") return { type: "error", code: "bad_frame", text: "No.", id: frame.id };
    const m = add(c, { from: "visitor", id: frame.id, text: frame.text || frame.value });
    speak(c, m.text);
    return m;
  }
  function welcome(hello) {
    state.hellos.push(hello);
    const c = conversation(hello.token);
    const after = hello.conversation == c.id ? hello.after : 0;
    return [c, { type: "welcome", token: c.token, conversation: c.id, after, theme: state.theme, texts: state.texts, language: state.language }];
  }

  const http = createServer(async (request, response) => {
    const url = new URL(request.url, "http://host");
    state.requests.push(url.pathname);
    const origin = request.headers.origin;
    if (origin) response.setHeader("Access-Control-Allow-Origin", origin);
    const script = (text) => response.setHeader("Content-Type", "text/javascript").end(text);
    if (url.pathname == "/widget.js") {
      const text = await readFile(new URL("launcher.js", dist), "utf8");
      const given = { theme: { name: "Acme", color: "#4f46e5" }, shows: [], chat: "/widget/" + chat, ...config, ...state.config };
      return script(text.replace('"__USHER_CONFIG__"', () => JSON.stringify(given)));
    }
    if (url.pathname.startsWith("/widget/")) return script(await readFile(new URL(url.pathname.slice(8), dist), "utf8"));
    if (url.pathname == "/v1/chat" && request.method == "OPTIONS") {
      return response.writeHead(204, { "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Authorization, Content-Type" }).end();
    }
    if (url.pathname == "/v1/chat/events" && request.method == "OPTIONS") {
      return response.writeHead(204, { "Access-Control-Allow-Headers": "Authorization" }).end();
    }
    if (url.pathname == "/v1/chat" && request.method == "POST") return post(request, response);
    if (url.pathname == "/v1/chat/events") return events(request, response, url);
    const { headers = {}, html = "" } = state.page(url) || {};
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(html);
  });

  async function post(request, response) {
    let body = "";
    for await (const piece of request) body += piece;
    const frame = JSON.parse(body);
    const json = (status, value) => response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    if (frame.type == "hello") return json(200, welcome(frame)[1]);
    const c = state.conversations.get(frame.conversation);
    if (!c || request.headers.authorization != "Bearer " + c.token) return json(401, { type: "error", code: "unauthorized", text: "" });
    const answer = take(c, frame);
    return answer ? json(answer.type == "error" ? 503 : 200, answer) : response.writeHead(204).end();
  }

  function events(request, response, url) {
    const c = state.conversations.get(url.searchParams.get("conversation"));
    if (!c || request.headers.authorization != "Bearer " + c.token) return response.writeHead(401).end();
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("retry: 2000\n\n");
    const ear = (m) => response.write(`id: ${m.seq}\ndata: ${JSON.stringify(m)}\n\n`);
    for (const m of c.messages) if (m.seq > +url.searchParams.get("after")) ear(m);
    c.ears.add(ear);
    request.on("close", () => c.ears.delete(ear));
  }

  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has("usher.v1") ? "usher.v1" : false) });
  const open = new Set();
  http.on("upgrade", (request, socket, head) => {
    state.requests.push("/v1/chat (socket)");
    if (!state.sockets) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => {
      open.add(ws);
      let c;
      const send = (frame) => ws.send(JSON.stringify(frame));
      ws.on("close", () => {
        open.delete(ws);
        c?.ears.delete(send);
      });
      ws.on("message", (data) => {
        const frame = JSON.parse(data);
        if (frame.type == "hello") {
          const [found, answer] = welcome(frame);
          c = found;
          send(answer);
          if (state.flap) return ws.terminate();
          for (const m of c.messages) if (m.seq > answer.after) send(m);
          c.ears.add(send);
        } else if (!state.ignore) {
          const known = c.messages.length;
          const answer = take(c, frame);
          if (answer && (answer.type == "error" || answer.seq <= known)) send(answer);
        }
      });
    });
  });

  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  const { port } = http.address();
  state.url = `http://127.0.0.1:${port}`;
  state.site = `http://localhost:${port}`;
  state.tag = (attributes = "") => `<script async src="${state.url}/widget.js" ${attributes}></script>`;
  state.says = () => state.frames.filter((f) => f.type == "say");
  state.rep = (text, picture) => state.conversations.forEach((c) => add(c, { from: "rep", name: "Asha Rao", picture, text }));
  state.tell = (message) => state.conversations.forEach((c) => add(c, { from: "bot", ...message }));
  state.type = () => open.forEach((ws) => ws.send('{"type":"typing","from":"rep"}'));
  state.cut = () => open.forEach((ws) => ws.terminate());
  state.connected = () => open.size;
  state.close = () => {
    state.cut();
    http.closeAllConnections();
    return new Promise((done) => http.close(done));
  };
  return state;
}
