import { read, write } from "./json";
import type { Ears, Wire } from "./wire";

// openSocket carries frames over a WebSocket.
export function openSocket(chat: string, ears: Ears): Wire {
  const socket = new WebSocket(chat.replace(/^http/, "ws"), "usher.v1");
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    ears.down();
  };
  socket.onopen = () => over || ears.ready();
  socket.onmessage = ({ data }) => {
    const frame = read(data);
    if (!over && frame) ears.frame(frame);
  };
  socket.onclose = end;
  socket.onerror = end;
  return {
    send: (frame) => socket.readyState == 1 && socket.send(write(frame)),
    close() {
      over = true;
      socket.close();
    },
  };
}
