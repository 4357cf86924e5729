// The frames of usher.v1 as this side sends and receives them.
import type { Theme } from "../handle";

export interface Option {
  value: string;
  label: string;
  day?: string; // groups slots
}

export interface Ask {
  field: string;
  type: string;
  options?: Option[];
  optional?: boolean;
}

// Meeting is what a booked meeting's card shows; its times are labels, made by the server.
export interface Meeting {
  uid?: string; // a later card of the same meeting overtakes an earlier one
  status?: string; // confirmed, running, over, missed, clashed, cancelled
  note?: string; // how it stands, where it does not just take place
  title?: string;
  day?: string;
  time?: string;
  rep?: string;
  place?: string;
  url?: string; // the meeting's page
  file?: string; // as iCalendar
  google?: string; // opens a new event with it
  outlook?: string;
}

export interface Message {
  type: "message";
  seq: number;
  id?: string;
  from: "visitor" | "bot" | "rep";
  name?: string;
  picture?: string; // of the rep
  text: string;
  ask?: Ask;
  meeting?: Meeting;
  end?: string;
  at?: string;
}

export interface Welcome {
  type: "welcome";
  token: string;
  conversation: string;
  after?: number;
  language?: string;
  theme?: Theme;
  texts?: Record<string, string>;
}

export interface Trouble {
  type: "error";
  code: string;
  text?: string;
  id?: string;
}

export type Incoming = Message | Welcome | Trouble | { type: "typing"; from: string };

export interface Page {
  url: string;
  title: string;
  referrer: string;
}

export interface Hello {
  type: "hello";
  token: string;
  conversation?: string;
  after: number;
  flow: string;
  page: Page;
  language: string;
  timezone: string;
  gpc?: boolean; // Global Privacy Control: pages and campaigns are not to be kept
  resume?: string; // what the link of a letter is signed by
}

// Say is a message of the visitor until it is stored: its id stays the same however often it is sent.
export interface Say {
  type: "say";
  id: string;
  text: string;
  value?: string;
}

export type Outgoing =
  | Hello
  | Say
  | { type: "typing" }
  | { type: "visit"; page: Page }
  | { type: "identify"; known: Record<string, string | number | boolean> };

// Wire carries frames while it lasts. It reports its own end once, unless it was closed from this side.
export interface Wire {
  send(frame: Outgoing): void;
  close(): void;
}

export interface Ears {
  ready(): void; // frames may be sent now
  frame(frame: Incoming): void;
  alive(): void; // something was heard that is no frame
  down(): void;
}
