/**
 * A text as people read it: without letter case, width, invisible signs and piled-up marks, and with the letters that a
 * word means where look-alikes of another alphabet were put in. Honest text of any script stays as it is: look-alikes
 * count only in a word that mixes alphabets, or that stands in another alphabet between Latin words.
 */
import { cyrillicTwins, latinTwins, ornaments } from "./look-alikes.ts";

export interface FoldedText {
  /** In order; a word is a run of letters, marks and digits. */
  readonly words: readonly string[];
  /** The words with one space between them. */
  readonly text: string;
  /** Letters were swapped for look-alikes, or a word was parted by invisible signs, so that it is read but not found. */
  readonly masked: boolean;
}

/** So many letters are looked at; more are not read. */
export const maxFolded = 24_000;

/** Of one surface, such as the body; the last part of it is of the end. */
const maxOfSurface = 8_000;
const maxOfEnd = 2_000;
const longGap = /[\s\p{DI}]{20,}/gu;

/** What is read of a long text: its beginning and its end, without the gaps that push words out of sight. */
export function visiblePart(text: string): string {
  if (text.length <= maxOfSurface) return text;
  const dense = text.replace(longGap, "\n\n");
  if (dense.length <= maxOfSurface) return dense;
  return `${dense.slice(0, maxOfSurface - maxOfEnd)}\n${dense.slice(-maxOfEnd)}`;
}

const plain = /^[\s\u0020-\u007e]*$/;
const word = /[\p{L}\p{M}\p{N}_]+/gu;
const plainWord = /[a-z0-9_]+/g;

/** Default-ignorable signs. Joiners are kept where scripts need them (Arabic, Indic) and inside of emoji. */
const invisible =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]|[\u{e0000}-\u{e007f}]/gu;
/** A joiner between letters of scripts that do not join. */
const strayJoiner = /(?<=[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])[\u200c\u200d]+/gu;
/** More than two marks on a letter: no script writes so. */
const piledMarks = /(\p{M}{2})\p{M}+/gu;
/** Marks that no letter is composed with: ornaments, stress marks. Vietnamese and Greek letters are one sign with theirs. */
const looseMarks = /(?<=[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}])\p{M}+/gu;

export function fold(text: string): FoldedText {
  const read = text.slice(0, maxFolded);
  if (plain.test(read)) return foldedOf(read.toLowerCase().match(plainWord) ?? [], false);
  const straight = read.toWellFormed().replace(backwards, turned);
  const composed = straight.normalize("NFKC").replace(ornamentedWord, plainLetters);
  const visible = composed.replace(strayJoiner, "").replace(invisible, "");
  const wasParted = visible.length < composed.length && isParted(composed);
  const words = visible.replace(looseMarks, "").replace(piledMarks, "$1").match(word) ?? [];
  const unmasked: string[] = [];
  for (const [i, one] of words.entries()) unmasked.push(unmask(one, unmasked[i - 1], words[i + 1]));
  const masked =
    wasParted ||
    straight !== read ||
    unmasked.some((one, i) => one !== words[i] && one.length >= shortestMasked(words[i]!));
  return foldedOf(
    unmasked.map((one) => one.toLowerCase()),
    masked,
  );
}

/** What stands after an override is shown from right to left: "ortin" is read nitro. */
const backwards = /\u202e([^\u202c\u202d\u2066-\u2069\n]*)/gu;
const leftToRight = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** Hebrew and Arabic run that way without it. */
function turned(_whole: string, text: string): string {
  return leftToRight.test(text) ? [...text].toReversed().join("") : text;
}

/** Two signs at least: one alone may be an emoji, as the blood types are. */
const ornamentedWord =
  /(?:[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]\ufe0f?){2,}|[A-Za-zᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ]*[ᴀᴄᴅᴇꜰᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡᴢ][A-Za-zᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ]*/gu;

function plainLetters(word: string): string {
  return [...word.replaceAll("\ufe0f", "")].map((letter) => ornaments.get(letter) ?? letter).join("");
}

/** Shorter words of two alphabets are read, but may be a formula: αᵢ, χ²ₙ, σxy, sinα. Those have Greek letters. */
function shortestMasked(word: string): number {
  return greek.test(word) && !cyrillic.test(word) ? 5 : 3;
}
const greek = /\p{Script=Greek}/u;

function foldedOf(words: readonly string[], masked: boolean): FoldedText {
  return { words, text: words.join(" "), masked };
}

/** An invisible sign stands inside of a word. */
function isParted(text: string): boolean {
  return text.search(invisibleInWord) >= 0;
}
const invisibleInWord =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}][\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

const latin = /\p{Script=Latin}/u;
const foreign =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;

/** `before`, `after`: the words beside it. */
function unmask(one: string, before: string | undefined, after: string | undefined): string {
  if (!foreign.test(one)) return one;
  const isMixed = latin.test(one);
  // Whole words of another alphabet are honest in a list of names: only letters that nobody can tell apart count.
  if (!isMixed && !(isBetweenLatin(one, before, after) && [...one].every((letter) => exactTwins.has(letter))))
    return one;
  return (
    translated(one, latinTwins, latin) ??
    (isMixed ? translated(one, cyrillicTwins, cyrillic) : undefined) ??
    one
  );
}

/** The same shape in every font. */
const exactTwins: ReadonlySet<string> = new Set("асеорхуіѕјԁԛԝһӏАВЕКМНОРСТХІЅЈοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ0123456789_");

const cyrillic = /\p{Script=Cyrillic}/u;

/** One letter may be a formula or an abbreviation: two at least, or nobody reads a word. */
function isBetweenLatin(one: string, before: string | undefined, after: string | undefined): boolean {
  return (
    one.length > 2 && before !== undefined && after !== undefined && isAllLatin(before) && isAllLatin(after)
  );
}

function isAllLatin(one: string): boolean {
  return latin.test(one) && !foreign.test(one);
}

/** The word in one alphabet; undefined where a letter of it has no twin there: then it is no masked word. */
function translated(one: string, twins: ReadonlyMap<string, string>, wanted: RegExp): string | undefined {
  let whole = "";
  for (const letter of one) {
    const twin =
      wanted.test(letter) || /[\p{N}\p{M}_]/u.test(letter)
        ? letter
        : (twins.get(letter) ?? twins.get(letter.toLowerCase()));
    if (twin === undefined) return undefined;
    whole += twin;
  }
  return whole;
}
