/** What a text looks like: how long it is, how much of it is capitals, marks, emoji, signs that nobody sees. */

export interface TextMeasures {
  /** Letters and other signs; a sign with its marks counts as they are stored, one each. */
  readonly length: number;
  readonly lines: number;
  readonly words: number;
  /** From 0 to 1; undefined where there is nothing to share: no letters, no signs. */
  readonly capitals: number | undefined;
  /** Undefined, too, of a text in a script that puts no spaces between words. */
  readonly density: number | undefined;
  readonly marks: number | undefined;
  /** How often the same sign stands in a row, at most; those of which lines are drawn do not count. */
  readonly repeat: number;
  readonly emoji: number;
  /** But for those that a script needs, or an emoji. */
  readonly invisible: number;
  /** White space and invisible signs at both ends. */
  readonly padding: number;
}

/** So many signs are looked at; `length` counts the rest. */
const maxLooked = 8_000;

/** Cherokee is written in what Unicode calls its capitals. */
const capital = /[\p{Lu}--\p{Script=Cherokee}]/v;
const small = /[\p{Ll}--\p{Script=Cherokee}]/v;
const letter = /\p{L}/u;
const mark = /\p{M}/u;
/** Of no script's own, as zalgo is made of. The vowel signs and points of a script are letters to those who write it. */
const looseMark = /[\p{Script=Inherited}--\p{Script_Extensions=Arabic}]/v;
/** Burmese piles up five of its own. */
const mostOwnMarks = 5;
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
/** What emoji are varied with: they are marks and modifiers that nobody sees apart. */
const ofEmoji =
  // oxlint-disable-next-line no-misleading-character-class
  /[\ufe00-\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}]/v;
const white = /\s/u;
const unseen =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff]|[\u{e0000}-\u{e007f}]/u;
/** Scripts that put no space between words, or another sign. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Yiii}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Java}\p{scx=Lana}\p{scx=Ethi}]/v;
/** Lines between paragraphs and frames around them, as programs print them. */
const ruling = /[-=_*#~+.\u2500-\u259f]/u;

/** What a sign is counted as. */
const kinds = [
  "other",
  "capitals",
  "smalls",
  "letters",
  "unspaced",
  "whites",
  "marks",
  "ownMarks",
  "emoji",
  "ofEmoji",
  "invisible",
  "ruling",
] as const;
type Kind = (typeof kinds)[number];

/** By code point, from 1 on: places in `kinds` of those that were looked at. */
const told = new Uint8Array(0x2_0000);

/** Where one invisible sign is right: Persian and Indic letters are joined or parted by some, Khmer words, and emoji. */
const takesInvisible: ReadonlySet<Kind> = new Set(["letters", "unspaced", "ownMarks", "emoji", "ofEmoji"]);
/** A flag of a part of a country is a flag with its name in tags: the longest has six. */
const mostTags = 6;
const firstTag = 0xe_0020;

export function measureText(text: string): TextMeasures {
  const looked = text.slice(0, maxLooked);
  const { signs, repeat, counted, piled, stray } = countSigns(looked);
  const letters = counted.capitals + counted.smalls;
  const isUnspaced = counted.unspaced * 2 > signs;
  return {
    length: signs + Math.max(0, text.length - maxLooked),
    lines: text === "" ? 0 : text.split("\n").length,
    words: text.match(/\S+/g)?.length ?? 0,
    capitals: letters === 0 ? undefined : counted.capitals / letters,
    density: signs === 0 || isUnspaced ? undefined : 1 - counted.whites / signs,
    marks: signs === 0 ? undefined : (counted.marks + piled) / signs,
    repeat,
    emoji: counted.emoji,
    invisible: stray,
    padding: paddingOf(text),
  };
}

interface Counts {
  readonly signs: number;
  readonly repeat: number;
  readonly counted: Readonly<Record<Kind, number>>;
  /** Marks beyond those that a letter of their script may have. */
  readonly piled: number;
  /** Invisible signs where no script needs one. */
  readonly stray: number;
}

function countSigns(text: string): Counts {
  const counted = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  let [signs, run, repeat, last, piled, stray] = [0, 0, 0, -1, 0, 0];
  let [ownMarks, unseenRun, base] = [0, 0, "other" as Kind];
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    signs++;
    run = code === last ? run + 1 : 1;
    last = code;
    const kind = kindOf(code);
    counted[kind]++;
    if (run > repeat && kind !== "whites" && kind !== "ruling") repeat = run;
    if (kind === "invisible") {
      if (!isInPlace(base, { code, nth: unseenRun })) stray++;
      unseenRun++;
      continue;
    }
    ownMarks = kind === "ownMarks" ? ownMarks + 1 : 0;
    if (ownMarks > mostOwnMarks) piled++;
    [unseenRun, base] = [0, kind];
  }
  return { signs, repeat, counted, piled, stray };
}

function isInPlace(base: Kind, { code, nth }: { readonly code: number; readonly nth: number }): boolean {
  return takesInvisible.has(base) && nth < (code >= firstTag && base === "emoji" ? mostTags : 1);
}

function kindOf(code: number): Kind {
  const known = told[code];
  if (known) return kinds[known - 1]!;
  const kind = kindOfSign(String.fromCodePoint(code));
  if (code < told.length) told[code] = kinds.indexOf(kind) + 1;
  return kind;
}

function kindOfSign(sign: string): Kind {
  if (capital.test(sign)) return "capitals";
  if (small.test(sign)) return "smalls";
  if (white.test(sign)) return "whites";
  if (ruling.test(sign)) return "ruling";
  if (sign <= "\u007f") return "other";
  if (ofEmoji.test(sign)) return "ofEmoji";
  if (unseen.test(sign)) return "invisible";
  if (mark.test(sign) && looseMark.test(sign)) return "marks";
  if (unspaced.test(sign)) return mark.test(sign) ? "ownMarks" : "unspaced";
  if (mark.test(sign)) return "ownMarks";
  if (emoji.test(sign)) return "emoji";
  return letter.test(sign) ? "letters" : "other";
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
