// The chat is loaded when somebody wants to talk. It takes over the launcher's handle and does what was asked before.
import type { Handle } from "../handle";
import { Chat } from "./chat";

const handle = (window as any).Usher._ as Handle;
if (!handle.run) {
  const chat = new Chat(handle);
  handle.run = (call) => chat.run(call);
  const calls = handle.calls.splice(0);
  for (let i = 0; i < calls.length; i++) chat.run(calls[i]!);
}
