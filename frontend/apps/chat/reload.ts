/**
 * Whether loading the page anew may help when a part of it is missing, as after an upgrade of the server: not where that
 * was just done, and not without a network, since what is shown then is better than the browser's own page. How the page
 * came says whether it was done; storage would not, since frames have none.
 */
export function mayReload(navigation: string, online: boolean): boolean {
  return online && navigation !== "reload";
}

/** How this page came. */
export function navigation(): string {
  const [entry] = performance.getEntriesByType("navigation");
  return (entry as PerformanceNavigationTiming | undefined)?.type ?? "reload";
}
