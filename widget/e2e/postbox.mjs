// A mail server of RFC 5321's least: it takes every letter and keeps it to be read.
import { createServer } from "node:net";

export async function postbox(t) {
  const letters = [];
  const server = createServer((socket) => {
    let text = "";
    let letter;
    const say = (line) => socket.write(line + "\r\n");
    socket.setEncoding("latin1").on("error", () => {});
    say("220 postbox.example ESMTP");
    socket.on("data", (more) => {
      text += more;
      for (let end; (end = text.indexOf("\r\n")) >= 0; ) {
        if (letter?.open) {
          end = text.indexOf("\r\n.\r\n");
          if (end < 0) return;
          letters.push({ from: letter.from, to: letter.to, ...read(text.slice(0, end).replaceAll("\r\n..", "\r\n.")) });
          text = text.slice(end + 5);
          letter = undefined;
          say("250 kept");
          continue;
        }
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        const [, address] = /<(.*?)>/.exec(line) || [];
        if (/^EHLO/i.test(line)) socket.write("250-postbox.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
        else if (/^MAIL/i.test(line)) (letter = { from: address, to: [] }), say("250 yes");
        else if (/^RCPT/i.test(line)) letter.to.push(address), say("250 yes");
        else if (/^DATA/i.test(line)) (letter.open = true), say("354 go on");
        else if (/^QUIT/i.test(line)) say("221 bye"), socket.end();
        else say("250 yes");
      }
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return { url: `smtp://127.0.0.1:${server.address().port}`, letters };
}

// read gives a letter's headers and its parts as text, innermost ones alone (RFC 2045, 2046).
function read(raw) {
  const headers = headersOf(raw);
  return { headers, subject: words(headers.subject || ""), parts: partsOf(raw) };
}

function headersOf(raw) {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return Object.fromEntries(head.split("\r\n").map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
}

function partsOf(raw) {
  const headers = headersOf(raw);
  const body = raw.slice(raw.indexOf("\r\n\r\n") + 4);
  const type = headers["content-type"] || "text/plain";
  const [, boundary] = /boundary="?([^";]+)"?/i.exec(type) || [];
  if (!boundary) return [{ type, headers, text: decoded(body, headers["content-transfer-encoding"] || "") }];
  return body
    .split("--" + boundary)
    .slice(1, -1)
    .flatMap((part) => partsOf(part.replace(/^\r\n/, "")));
}

function decoded(body, encoding) {
  if (/base64/i.test(encoding)) return Buffer.from(body, "base64").toString();
  if (/quoted-printable/i.test(encoding)) body = body.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(body, "latin1").toString();
}

// words reads encoded words (RFC 2047).
function words(text) {
  return text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, how, inside) => decoded(how.toLowerCase() == "b" ? inside : inside.replaceAll("_", " "), how.toLowerCase() == "b" ? "base64" : "quoted-printable"));
}
