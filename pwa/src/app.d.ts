import type { DndEvent, Item } from 'svelte-dnd-action';

declare module 'svelte/elements' {
  // A list whose rows are dragged hears where they are held and where they are dropped; methods, so that a handler may know its own rows.
  interface HTMLAttributes<T> {
    onconsider?(event: CustomEvent<DndEvent<Item>> & { currentTarget: EventTarget & T }): void;
    onfinalize?(event: CustomEvent<DndEvent<Item>> & { currentTarget: EventTarget & T }): void;
  }
}
