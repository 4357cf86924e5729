// Listeners are what the page asked to be told: open, close, message, meeting, end.
export class Listeners {
  private all: { event: string; heard: (detail: unknown) => void }[] = [];

  on(event: string, heard: (detail: unknown) => void): () => void {
    const listener = { event, heard };
    this.all.push(listener);
    return () => (this.all = this.all.filter((l) => l != listener));
  }

  // tell calls them one by one; what they throw is the page's own trouble and stops nothing here.
  tell(event: string, detail?: unknown): void {
    const all = this.all;
    for (let i = 0; i < all.length; i++) {
      if (all[i]!.event != event) continue;
      try {
        all[i]!.heard(detail);
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
    }
  }
}
