/** What a text looks like: how long it is, how much of it is capitals, marks, emoji, signs that nobody sees. */

export interface TextMeasures {
  /** Letters and other signs; a sign with its marks counts as they are stored, one each. */
  readonly length: number;
  readonly lines: number;
  readonly words: number;
  /** From 0 to 1; undefined where there is nothing to share: no letters, no signs. */
  readonly capitals: number | undefined;
  readonly density: number | undefined;
  readonly marks: number | undefined;
  /** How often the same sign stands in a row, at most. */
  readonly repeat: number;
  readonly emoji: number;
  readonly invisible: number;
  /** White space and invisible signs at both ends. */
  readonly padding: number;
}

/** So many signs are looked at; `length` counts the rest. */
const maxLooked = 8_000;

const capital = /\p{Lu}/u;
const small = /\p{Ll}/u;
const mark = /\p{M}/u;
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const white = /\s/u;
const unseen =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff]|[\u{e0000}-\u{e007f}]/u;

export function measureText(text: string): TextMeasures {
  const counted = { capitals: 0, smalls: 0, marks: 0, whites: 0, emoji: 0, invisible: 0 };
  let [signs, run, repeat, last] = [0, 0, 0, ""];
  for (const sign of text.slice(0, maxLooked)) {
    signs++;
    run = sign === last ? run + 1 : 1;
    if (!white.test(sign)) repeat = Math.max(repeat, run);
    last = sign;
    if (capital.test(sign)) counted.capitals++;
    else if (small.test(sign)) counted.smalls++;
    else if (white.test(sign)) counted.whites++;
    else if (sign > "\u007f") countRare(sign, counted);
  }
  const letters = counted.capitals + counted.smalls;
  return {
    length: signs + Math.max(0, text.length - maxLooked),
    lines: text === "" ? 0 : text.split("\n").length,
    words: text.match(/\S+/g)?.length ?? 0,
    capitals: letters === 0 ? undefined : counted.capitals / letters,
    density: signs === 0 ? undefined : 1 - counted.whites / signs,
    marks: signs === 0 ? undefined : counted.marks / signs,
    repeat,
    emoji: counted.emoji,
    invisible: counted.invisible,
    padding: paddingOf(text),
  };
}

function countRare(sign: string, counted: { marks: number; emoji: number; invisible: number }): void {
  if (mark.test(sign)) counted.marks++;
  else if (emoji.test(sign)) counted.emoji++;
  else if (unseen.test(sign)) counted.invisible++;
}

function paddingOf(text: string): number {
  let [start, end] = [0, text.length];
  while (start < end && isPadding(text[start]!)) start++;
  while (end > start && isPadding(text[end - 1]!)) end--;
  return start + text.length - end;
}

function isPadding(sign: string): boolean {
  return white.test(sign) || unseen.test(sign);
}
