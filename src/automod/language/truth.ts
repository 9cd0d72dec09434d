/**
 * Yes, no and unknown. What cannot be told makes a rule quiet, never harsh: `not unknown` is unknown, and a rule fires on
 * yes alone. Numbers, as evaluating is on the way of every event.
 */

export const no = 0;
export const yes = 1;
export const unknown = 2;
export type Truth = typeof no | typeof yes | typeof unknown;

export function truthOf(value: boolean): Truth {
  return value ? yes : no;
}

export function negated(truth: Truth): Truth {
  return truth === unknown ? unknown : truth === yes ? no : yes;
}
