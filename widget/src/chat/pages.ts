import type { Page } from "./wire";

// here is the page as a flow may ask of it; what stands after # is the page's own business.
export function here(): Page {
  return { url: location.href.replace(/#.*/, ""), title: document.title, referrer: document.referrer };
}

// watchPages calls changed when the address changes without a load, as it does in single-page sites. Nothing of the
// page's is replaced for it: where the browser does not tell, the address is looked at now and then.
export function watchPages(changed: () => void): void {
  let last = location.href;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (location.href == last) return;
    last = location.href;
    clearTimeout(timer);
    timer = setTimeout(changed, 150); // sites set the title after the address
  };
  const { navigation } = window as any;
  if (navigation && navigation.addEventListener) {
    navigation.addEventListener("currententrychange", look);
  } else {
    addEventListener("popstate", look);
    addEventListener("hashchange", look);
    setInterval(() => document.hidden || look(), 1000);
  }
}
