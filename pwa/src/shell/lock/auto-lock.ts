import type { Clock } from '@mana/shared/base/clock';
import { isUnusedFor } from '@mana/shared/session/lock-due';
import type { Locks } from '@mana/shared/session/locks';

/** How often is looked, in milliseconds: a lock is at most this much late. */
const lookEveryMs = 10_000;
const acts = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'focus'] as const;

export interface AutoLockDeps {
  readonly locks: Locks;
  readonly clock: Clock;
  /** Hides what is on the screen until it is known whether it may be seen. */
  readonly veil: (on: boolean) => void;
}

/** Locks the open account when nobody did anything for as long as was chosen, in any tab, asleep or awake. */
interface AutoLock {
  /** The choice may have changed. */
  reread(): Promise<void>;
  stop(): void;
}

export function startAutoLock({ locks, clock, veil }: AutoLockDeps): AutoLock {
  let minutes: number | undefined;
  let usedMs = clock.nowMs();
  let notedMs = usedMs;

  async function reread(): Promise<void> {
    const choice = (await locks.view())?.choice;
    minutes = choice?.kind === 'after' ? choice.minutes : undefined;
  }

  const isOver = (): boolean => minutes !== undefined && isUnusedFor(minutes, { usedAtMs: usedMs, nowMs: clock.nowMs() });

  async function look(): Promise<void> {
    if (minutes === undefined) return;
    if (!isOver()) {
      if (usedMs > notedMs) await locks.noteUse((notedMs = usedMs));
      return;
    }
    veil(true);
    // Another tab may have been in use meanwhile: what they all noted counts.
    if (!(await locks.lockIfDue())) usedMs = notedMs = (await locks.view())?.usedAtMs ?? clock.nowMs();
    veil(false);
  }

  /** The first touch after a long sleep is no use: somebody else may have opened the lid. */
  function use(): void {
    if (isOver()) void look();
    else usedMs = clock.nowMs();
  }

  const back = (): void => void (document.visibilityState === 'visible' && look());
  for (const act of acts) addEventListener(act, use, { capture: true, passive: true });
  document.addEventListener('visibilitychange', back);
  const timer = setInterval(() => void look(), lookEveryMs);
  void reread();
  return {
    reread,
    stop() {
      for (const act of acts) removeEventListener(act, use, { capture: true });
      document.removeEventListener('visibilitychange', back);
      clearInterval(timer);
    },
  };
}
