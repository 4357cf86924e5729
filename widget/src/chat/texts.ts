// The words of the widget itself, for a server that brings no others in its welcome.
const english = {
  open: "Open chat",
  close: "Close chat",
  title: "Chat",
  log: "Conversation",
  answers: "Choose an answer",
  times: "Choose a time",
  placeholder: "Write a message…",
  send: "Send",
  connecting: "Connecting…",
  offline: "No connection. What you write is kept and sent when you are back.",
  waiting: "Please wait a moment, your message is kept.",
  long: "That is too long for one message. Please send it in parts.",
  failed: "Not sent",
  again: "Try again",
  typing: "is typing",
  unread: "unread messages",
  you: "You",
  done: "Done",
  skip: "Skip",
  none: "None of these",
  newer: "New messages",
  booked: "Your meeting is booked",
  meeting: "View or save to calendar",
  save: "Save to calendar",
  change: "View, change or cancel",
  old: "No longer at this time",
};

export type Texts = typeof english;

// textsWith are the English words with the given ones over them.
export function textsWith(given: Record<string, string> | undefined): Texts {
  const texts: Record<string, string> = { ...english };
  const keys = Object.keys(given || {});
  for (let i = 0; i < keys.length; i++) if (given![keys[i]!]) texts[keys[i]!] = given![keys[i]!]!;
  return texts as Texts;
}

const rightToLeft = /^(ar|arc|ckb|dv|fa|he|iw|ks|ku-arab|nqo|pa-arab|ps|sd|syr|ug|ur|yi)\b/i;

// direction is how a language is written.
export function direction(language: string): "ltr" | "rtl" {
  return rightToLeft.test(language) ? "rtl" : "ltr";
}
