// What the launcher hands to the teaser and the chat, and what all three know of the page's configuration.

export interface Theme {
  color?: string;
  corner?: string;
  name?: string;
  avatar?: string;
  dark?: string;
}

export interface Show {
  flow: string;
  pages?: string[] | null;
  after?: number;
  teaser?: string;
}

// Config is what the web server writes into the launcher.
export interface Config {
  theme?: Theme | null;
  shows?: Show[] | null;
  chat: string;
}

// Call is one use of window.Usher: the method's name and its arguments.
export type Call = [string, ...any[]];

// Handle is the launcher as the others take it over; it is window.Usher._.
export interface Handle {
  config: Config;
  script: HTMLScriptElement;
  root: ShadowRoot;
  button: HTMLButtonElement; // its onfocus loads the chat
  calls: Call[]; // made before the chat was there
  run?: (call: Call) => void; // set by the chat
  flow?: string; // set by the teaser: the one that was clicked
  hush?: () => void; // set by the teaser: takes it away, for good
}
