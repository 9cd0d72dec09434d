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

/** What a sign is counted as. Numbers, as each sign of each message is counted. */
const other = 0;
const capitals = 1;
const smalls = 2;
const whites = 3;
const marks = 4;
const pictures = 5;
const unseens = 6;

/** Of ASCII a table says it, as most text is of that. */
const ascii: readonly number[] = Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));
const lineFeed = 10;

export function measureText(text: string): TextMeasures {
  const counted = [0, 0, 0, 0, 0, 0, 0];
  let [signs, run, repeat, last] = [0, 0, 0, -1];
  let [lines, words, before] = [text === "" ? 0 : 1, 0, whites];
  const looked = text.slice(0, maxLooked);
  for (let i = 0; i < looked.length; i++) {
    const code = looked.codePointAt(i)!;
    if (code > 0xffff) i++;
    signs++;
    run = code === last ? run + 1 : 1;
    last = code;
    const kind = code < 128 ? ascii[code]! : kindOf(String.fromCodePoint(code));
    counted[kind]!++;
    if (run > repeat && kind !== whites) repeat = run;
    if (code === lineFeed) lines++;
    if (before === whites && kind !== whites) words++;
    before = kind;
  }
  const letters = counted[capitals]! + counted[smalls]!;
  const isWhole = looked.length === text.length;
  return {
    length: signs + Math.max(0, text.length - maxLooked),
    lines: isWhole ? lines : text.split("\n").length,
    words: isWhole ? words : (text.match(/\S+/g)?.length ?? 0),
    capitals: letters === 0 ? undefined : counted[capitals]! / letters,
    density: signs === 0 ? undefined : 1 - counted[whites]! / signs,
    marks: signs === 0 ? undefined : counted[marks]! / signs,
    repeat,
    emoji: counted[pictures]!,
    invisible: counted[unseens]!,
    padding: paddingOf(text),
  };
}

function kindOf(sign: string): number {
  if (capital.test(sign)) return capitals;
  if (small.test(sign)) return smalls;
  if (white.test(sign)) return whites;
  if (sign <= "\u007f") return other;
  if (mark.test(sign)) return marks;
  if (emoji.test(sign)) return pictures;
  return unseen.test(sign) ? unseens : other;
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
