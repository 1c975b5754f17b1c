/** How far some items are, counted and said. */
import type { PlanItem, Word } from "../protocol";

/** The words in the order in which they are shown: what is to be done first. */
export const WORDS: readonly Word[] = ["unported", "stub", "drifted", "ported", "ignored"];

export interface Share {
  readonly done: number;
  readonly total: number;
}

/** Ported items (drifted ones, too) of all those that are not ignored, as the server counts. */
export function share(items: Iterable<PlanItem>): Share {
  let [done, total] = [0, 0];
  for (const { word } of items) {
    total += word === "ignored" ? 0 : 1;
    done += word === "ported" || word === "drifted" ? 1 : 0;
  }
  return { done, total };
}

/** `3 of 8` */
export function said({ done, total }: Share): string {
  return `${done} of ${total}`;
}

/** `1 unported, 2 drifted`: what isn't simply ported. */
export function rest(items: readonly PlanItem[]): string {
  return WORDS.filter((word) => word !== "ported")
    .map((word) => [items.filter((item) => item.word === word).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
