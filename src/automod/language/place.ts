/** Where something stands in the text of a condition. */

/** Counted in UTF-16 units from the start of the text: from `start` up to, and without, `end`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export function placeFrom(first: Place, last: Place): Place {
  return { start: first.start, end: last.end };
}
