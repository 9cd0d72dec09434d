/** Of many messages that were held in a room, their authors are asked in one line to send them again. */
import type { Action, ActionOf } from "../model/actions/action.ts";

interface Asking {
  readonly action: Action;
  readonly replaces: string;
}

/** A line that names everybody is read by nobody. */
const mostNamed = 20;

export function askingOnce<A extends Asking>(acts: readonly A[]): readonly A[] {
  const lines = new Map<string, A & { readonly action: ActionOf<"post"> }>();
  const others: A[] = [];
  for (const one of acts) {
    const { action } = one;
    if (action.kind !== "post") {
      others.push(one);
      continue;
    }
    const key = `${action.room} ${action.text}`;
    const users = [...new Set([...(lines.get(key)?.action.users ?? []), ...action.users])];
    lines.set(key, { ...one, action: { ...action, users: users.slice(0, mostNamed) } });
  }
  return [...others, ...lines.values()];
}
