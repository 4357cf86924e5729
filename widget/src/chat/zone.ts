// zone is the visitor's IANA time zone. Asking Temporal, where there is one, spares the page the loading of the data for
// formatting dates.
export function zone(): string {
  try {
    const { Temporal } = window as any;
    return Temporal ? Temporal.Now.timeZoneId() : Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  } catch {
    return "";
  }
}
