/** What kept the page's thread while something ran. */
export interface LongTasks {
  /** Longest task in milliseconds; 0 when none took the 50 ms from which a browser reports them. */
  readonly longestMs: number;
  readonly count: number;
}

/** Watches for tasks of 50 ms and more until it is stopped. */
export function watchLongTasks(): () => Promise<LongTasks> {
  const durations: number[] = [];
  const observer = new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  return async () => {
    // Reports come behind the task that they are about.
    await new Promise((resolve) => setTimeout(resolve, 200));
    durations.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    return { longestMs: Math.max(0, ...durations), count: durations.length };
  };
}
