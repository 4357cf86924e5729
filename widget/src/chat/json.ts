// Reading and writing JSON on a page whose prototypes may be dirty: old libraries give arrays and strings a toJSON of
// their own, or add members to every object.

const parse = JSON.parse;

// write is JSON.stringify for plain data, without asking it for toJSON.
export function write(value: any): string {
  if (typeof value == "string") return quote(value);
  if (typeof value == "boolean" || (typeof value == "number" && isFinite(value))) return "" + value;
  if (!value || typeof value != "object") return "null";
  let out = "";
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) out += (i ? "," : "") + write(value[i]);
    return `[${out}]`;
  }
  const keys = Object.keys(value);
  for (let i = 0; i < keys.length; i++) {
    const member = value[keys[i]!];
    if (member !== undefined && typeof member != "function") out += (out ? "," : "") + quote(keys[i]!) + ":" + write(member);
  }
  return `{${out}}`;
}

const short: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quote(text: string): string {
  const escape = (c: string) => short[c] || "\\u" + ("000" + c.charCodeAt(0).toString(16)).slice(-4);
  return '"' + text.replace(/["\\\u0000-\u001f\u2028\u2029]/g, escape) + '"';
}

// read is JSON.parse with objects that inherit nothing; undefined for what is not JSON.
export function read(text: string): any {
  try {
    return bare(parse(text));
  } catch {
    return undefined;
  }
}

function bare(value: any): any {
  if (!value || typeof value != "object") return value;
  if (!Array.isArray(value)) Object.setPrototypeOf(value, null);
  const keys = Object.keys(value);
  for (let i = 0; i < keys.length; i++) bare(value[keys[i]!]);
  return value;
}
