import type { DndEvent } from 'svelte-dnd-action';

declare module 'svelte/elements' {
  // A list whose rows are dragged hears where they are held and where they are dropped: `never`, so that a handler may know its own rows.
  interface HTMLAttributes<T> {
    onconsider?(event: CustomEvent<DndEvent<never>> & { currentTarget: EventTarget & T }): void;
    onfinalize?(event: CustomEvent<DndEvent<never>> & { currentTarget: EventTarget & T }): void;
  }
}
