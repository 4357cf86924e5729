// Phone fills a small screen with the panel, and keeps it above the keyboard.
export class Phone {
  private small = matchMedia("(max-width: 480px)");

  constructor(
    private panel: HTMLElement,
    private moved: () => void,
  ) {
    const view = window.visualViewport;
    if (view) {
      view.addEventListener("resize", () => this.fit());
      view.addEventListener("scroll", () => this.fit());
    }
    this.small.addEventListener("change", () => this.fit());
  }

  get on(): boolean {
    return this.small.matches;
  }

  show(): void {
    this.fit();
  }

  hide(): void {
    this.panel.removeAttribute("aria-modal");
  }

  private fit(): void {
    if (this.panel.hidden) return;
    const view = window.visualViewport;
    const { style } = this.panel;
    if (this.on) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    style.setProperty("--top", this.on && view ? view.offsetTop + "px" : "0px");
    style.setProperty("--tall", this.on && view ? view.height + "px" : "100dvh");
    this.moved();
  }
}
