import { createSubscriber } from 'svelte/reactivity';
import type { Clock } from '@mana/shared/base/clock';
import { localMoment } from '@mana/shared/base/local-day';

const minuteMs = 60_000;

/** Local day and time, followed by the screen: a tab that slept over midnight shows the new day when it is seen again. */
export function createToday(clock: Clock) {
  const watch = createSubscriber((update) => {
    const timer = setInterval(update, minuteMs);
    document.addEventListener('visibilitychange', update);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', update);
    };
  });
  const now = () => {
    watch();
    return localMoment(clock.nowMs());
  };
  return {
    /** `YYYY-MM-DD` */
    get day(): string {
      return now().day;
    },
    /** `HH:MM` */
    get time(): string {
      return now().time;
    },
  };
}
