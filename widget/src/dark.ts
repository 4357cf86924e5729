// dark says whether the theme's word (auto, always, never; auto when unsaid) means dark now.
export function dark(word?: string): boolean {
  return word == "always" || (word != "never" && matchMedia("(prefers-color-scheme: dark)").matches);
}
