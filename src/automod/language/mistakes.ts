/**
 * Everything that can be wrong in a condition, and what odd but possible conditions are warned of, in the words that
 * people read. Each says what is wrong at that place, and where it can, what to write instead.
 */

/** `hint` is left out where there is nothing to advise. */
export interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

const maxShown = 40;

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return `"${line.length > maxShown ? `${line.slice(0, maxShown)}...` : line}"`;
}

function didYouMean(near: string | undefined): { readonly hint?: string } {
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
}

/** A condition with one of these is refused. */
export const mistakes = {
  // What cannot be read at all.
  strangeSign: (sign: string, instead: string | undefined): Sentence => ({
    message: `${shown(sign)} means nothing here`,
    ...(instead === undefined ? {} : { hint: `write ${instead}` }),
  }),
  openQuote: (): Sentence => ({
    message: "these quotes are never closed",
    hint: 'put " at the end of the words',
  }),
  openPattern: (): Sentence => ({
    message: "this pattern is never closed",
    hint: "put / at its end; a / inside it is written \\/",
  }),
  openBracket: (): Sentence => ({
    message: "this bracket is never closed",
    hint: "put ) where it ends",
  }),
  closingBracket: (): Sentence => ({ message: "this bracket closes nothing", hint: "take it out" }),
  unknownUnit: (number: string, unit: string): Sentence => ({
    message: `${shown(unit)} is no unit`,
    hint: `times look like 10s, 5m, 2h, 3d, 1w, sizes like 20KB, shares like 60%; or part ${number} from what follows`,
  }),
  expected: (what: string, found: string): Sentence => ({
    message:
      found === ""
        ? `here ends the condition, and ${what} is missing`
        : `${shown(found)} stands where ${what} belongs`,
  }),
  missingBy: (measure: string): Sentence => ({
    message: `${measure} needs to know whose`,
    hint: `add by author, by server or by room: ${measure} messages by author in 10s`,
  }),
  missingWithin: (measure: string): Sentence => ({
    message: `${measure} needs a time`,
    hint: `add in and a time at its end: ${measure} messages by author in 10s`,
  }),
  wantsQuotes: (word: string): Sentence => ({
    message: `${word} is followed by words in quotes`,
    hint: `write ${word} "..."`,
  }),
  wantsPattern: (): Sentence => ({
    message: "matches is followed by a pattern",
    hint: "write matches /.../",
  }),
  chainedComparison: (): Sentence => ({
    message: "one comparison is enough",
    hint: "write two with and between them: a < b and b < c",
  }),
  tooLong: (most: number, length: number): Sentence => ({
    message: `a condition may have ${most} letters, and this one has ${length}`,
    hint: "make two rules of it",
  }),
  tooDeep: (most: number): Sentence => ({
    message: `brackets and not may stand ${most} deep`,
    hint: "make two rules of it",
  }),
  empty: (): Sentence => ({
    message: "the condition is empty",
    hint: "write what has to be true: text.mentions > 10",
  }),

  // Names.
  nothingCalled: (name: string, near: string | undefined): Sentence => ({
    message: `nothing is called ${shown(name)}`,
    ...(near === undefined
      ? { hint: `if it is a number of your own, add settings: { ${name.slice(0, maxShown)}: 10 }` }
      : didYouMean(near)),
  }),
  noSuchKind: (name: string, near: string | undefined): Sentence => ({
    message: `nothing that happens is called ${shown(name)}`,
    ...didYouMean(near),
  }),
  noSuchKey: (name: string, keys: string): Sentence => ({
    message: `nothing is counted by ${shown(name)}`,
    hint: `by is followed by one of ${keys}`,
  }),
  noSuchList: (name: string, near: string | undefined): Sentence => ({
    message: `no list is called ${shown(name)}`,
    hint:
      near === undefined
        ? `for the word itself, put it in quotes: "${name.slice(0, maxShown)}"; a list is made with protections words or links: ${name.slice(0, maxShown)} add ...`
        : `did you mean ${near}?`,
  }),
  otherList: (name: string, is: string, needs: string): Sentence => ({
    message: `the list ${name} holds ${is}, and here belong ${needs}`,
  }),
  neverIs: (what: string, word: string, near: string | undefined, words: string): Sentence => ({
    message: `${what} is never ${shown(word)}`,
    hint: near === undefined ? `it is one of ${words}` : `did you mean ${near}?`,
  }),
  linkOutside: (fact: string): Sentence => ({
    message: "a message may have several links",
    hint: `write any ${fact} ..., every ${fact} ... or no ${fact} ...`,
  }),
  whichOfOne: (which: string, fact: string): Sentence => ({
    message: `there are not several of ${fact}, so ${which} has nothing to choose from`,
    hint: `take ${which} away; it goes with links: ${which} link.domain ...`,
  }),
  whichInWhich: (): Sentence => ({
    message: "this is about one link already",
    hint: "take the inner any, every or no away",
  }),

  // Types.
  noUnit: (what: string, example: string): Sentence => ({
    message: `${what}, and this number has no unit`,
    hint: `write it like ${example}`,
  }),
  otherUnit: (left: string, right: string): Sentence => ({
    message: `${left} cannot be compared with ${right}`,
    hint: "times look like 10s, 5m, sizes like 20KB, shares like 60%",
  }),
  notANumber: (what: string): Sentence => ({ message: `${what} is no number` }),
  notAText: (what: string): Sentence => ({
    message: `${what} is no text, so it has no words`,
    hint: "has, spells, like and matches are for texts and names",
  }),
  notYesNo: (what: string): Sentence => ({
    message: `${what} is neither true nor false alone`,
    hint: `compare it, as with > or =`,
  }),
  yesNoCompared: (fact: string): Sentence => ({
    message: `${fact} is true or false already`,
    hint: `write ${fact} or not ${fact} alone`,
  }),
  notComparable: (what: string): Sentence => ({
    message: `${what} can only be counted by, or looked up in a list with in`,
  }),
  noOrder: (what: string): Sentence => ({
    message: `${what} is no number, so it is neither more nor less`,
    hint: "write = or != or in",
  }),
  noSumOf: (what: string): Sentence => ({
    message: `sum needs a number, and ${what} is none`,
    hint: `write distinct ${what} for how many different ones`,
  }),
  noTime: (what: string): Sentence => ({
    message: `${what} is no time`,
    hint: "times look like 10s, 5m, 2h, 1d",
  }),
  longTime: (longest: string): Sentence => ({
    message: `nothing is counted over more than ${longest}`,
    hint: `write ${longest} or less`,
  }),
  rateInRate: (): Sentence => ({
    message: "one count cannot stand in another",
    hint: "write two counts with and between them",
  }),
  badPattern: (problem: string): Sentence => ({ message: `this pattern is not understood: ${problem}` }),
  unsafePattern: (what: string): Sentence => ({
    message: `${what} are not possible in a pattern`,
    hint: "they can make a match take for ever; write the words out, or use and and not",
  }),
  emptyWords: (): Sentence => ({
    message: "there are no words between these quotes",
    hint: "write a word, or take it out",
  }),
  loneStar: (): Sentence => ({
    message: "a * alone would be found in every text",
    hint: 'put it beside words, as in "contact me on *"',
  }),
  manyItems: (most: number): Sentence => ({
    message: `more than ${most} in one row`,
    hint: "make a list of them: protections words NAME add ...",
  }),
  manyRates: (most: number): Sentence => ({ message: `a rule may count ${most} things` }),
} as const;

export type Mistake = keyof typeof mistakes;

/** A condition with one of these is taken, and its author is told. */
export const warnings = {
  howRead: (asRead: string): Sentence => ({
    message: `this was read as ${asRead}`,
    hint: "put brackets where and and or stand together",
  }),
  neverTrue: (why: string): Sentence => ({ message: `this can never be true: ${why}` }),
  alwaysTrue: (why: string): Sentence => ({ message: `this is always true: ${why}` }),
  notInKind: (fact: string, kinds: string): Sentence => ({
    message: `${fact} is known for ${kinds} only, which this rule does not look at`,
  }),
  notHeard: (kinds: string): Sentence => ({
    message: `rules are not asked about ${kinds} yet, so this never looks at anything`,
  }),
  notKnownYet: (fact: string, waitsFor: string): Sentence => ({
    message: `${fact} is not known yet (it waits for ${waitsFor}), so nothing is found by it`,
  }),
  everyEvent: (): Sentence => ({
    message: "this looks into every message",
    hint: "a part such as author is newcomer, or links, spares most of the work",
  }),
  costlyPattern: (): Sentence => ({
    message: "no three fixed letters stand in this pattern, so it is tried on every message",
    hint: "write a word out that has to be there",
  }),
  fewCounted: (): Sentence => ({
    message: "this is true as well of what was forgotten: a restart forgets all that was counted",
    hint: "compare a count with > or >=",
  }),
  manyCounted: (most: number): Sentence => ({
    message: `this can never be true: of one person, server or text ${most} events are remembered at most`,
  }),
  hostAsked: (host: string, domain: string): Sentence => ({
    message: `link.domain is the part that somebody registered, so it is never ${shown(host)}`,
    hint: `write link.host, or ${shown(domain)} for all of it`,
  }),
  declaredOnly: (): Sentence => ({
    message: "old clients do not declare mentions, so this finds people who use them",
  }),
} as const;

export type Warning = keyof typeof warnings;
