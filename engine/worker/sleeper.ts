/** Waiting as a port: a loop sleeps until something may be due. */
export interface Sleeper {
  /** Ends early when `wake` is called. */
  sleep(ms: number): Promise<void>;
  wake(): void;
}

/** A sleeper on the process's own timers. */
export function timerSleeper(): Sleeper {
  let finish: (() => void) | undefined;
  let woken = false;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (woken || ms <= 0) {
          woken = false;
          // A turn of the event loop, so that a busy worker does not starve HTTP.
          setImmediate(resolve);
          return;
        }
        const timer = setTimeout(() => finish?.(), ms);
        finish = () => {
          clearTimeout(timer);
          finish = undefined;
          resolve();
        };
      }),
    wake() {
      if (finish) finish();
      else woken = true;
    },
  };
}
