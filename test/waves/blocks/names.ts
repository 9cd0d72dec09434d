/** Names of accounts: how people call themselves, and how programs call what they register. */
import type { Chance } from "./chance.ts";

const first =
  "anna,olga,mateo,lena,jonas,yuki,priya,ahmed,chloe,diego,emeka,fatima,george,hana,ivan,julia,karim,laura,miguel,nadia,oscar,petra,quinn,rosa,samir,tomas,ulla,vera,wendy,xavier,yara,zoe,bjorn,carmen,dmitri,elif,felix,greta,hugo,ines,jakub,katya,lars,mei,nils,olivia,paul,rahel,stefan,tariq,ursula,victor,wanda,yusuf,zeno,aiko,bruno,clara,daniel,esther,farid,gloria,henry,irene,jan,kofi,leila,marco,noor,otto".split(
    ",",
  );
const family =
  "meyer,silva,tanaka,okafor,novak,rossi,garcia,larsen,kowalski,petrov,hansen,dubois,schmidt,nguyen,haddad,cohen,brown,murphy,jansen,moreau,lindqvist,ferrari,costa,weber,horvath,ivanova,yilmaz,kim,chen,singh".split(
    ",",
  );
const nick =
  "fox,raven,pixel,comet,badger,kettle,moss,cobalt,ember,lichen,marble,otter,quartz,rust,saffron,thistle,umber,walnut,zephyr,acorn,biscuit,cinder,dune,fjord,gravel,harbor,iris,juniper,krill,lantern".split(
    ",",
  );

export interface Name {
  readonly localpart: string;
  readonly display: string;
}

/** How a program or a person makes the nth name. */
export type Naming = (chance: Chance, index: number) => Name;

export const human: Naming = (chance) => {
  const [given, surname, other] = [chance.one(first), chance.one(family), chance.one(nick)];
  const year = String(chance.whole(70, 99));
  const localpart = chance.one([
    given,
    `${given}.${surname}`,
    `${given[0]!}${surname}`,
    `${given}${year}`,
    `${other}_${given}`,
    `${other}${chance.one(nick)}`,
    `${surname}${given[0]!}`,
    `the${other}`,
    `${given}-${other}`,
    `${other}${chance.whole(1, 999)}`,
  ]);
  const display = chance.one([
    capital(given),
    `${capital(given)} ${capital(surname)}`,
    localpart,
    capital(other),
    `${capital(given)} (they/them)`,
  ]);
  return { localpart, display };
};

export const hexadecimal =
  (length = 16): Naming =>
  (chance) =>
    same(chance.letters(length, "0123456789abcdef"));

/** Letters as they come, and a few digits: the wave of 2021. */
export const lettersAndDigits: Naming = (chance) =>
  same(`${chance.letters(chance.whole(6, 10))}${chance.whole(1, 999)}`);

/** Syllables that can be spoken, made by a program. */
export const syllables: Naming = (chance) =>
  same(
    Array.from(
      { length: chance.whole(2, 4) },
      () => chance.one([..."bcdfghjklmnprstvz"]) + chance.one([..."aeiou"]),
    ).join("") + chance.one(["", "", "x", "n", String(chance.whole(1, 99))]),
  );

/** A word, a word, a number: what registration forms propose. */
export const twoWords: Naming = (chance) =>
  same(`${chance.one(nick)}${capital(chance.one(nick))}${chance.whole(10, 9_999)}`);

export const numbered =
  (before: string, from = 1): Naming =>
  (_, index) =>
    same(`${before}${String(from + index).padStart(3, "0")}`);

/** As a bridge names those whom it brings. */
export const ghost =
  (prefix: string): Naming =>
  (chance, index) => ({
    localpart: `${prefix}${chance.whole(100_000_000, 999_999_999)}${index}`,
    display: human(chance, index).display,
  });

/** What looks like the names of those who are known here: a letter another, a sign more. */
export const like =
  (known: readonly Name[]): Naming =>
  (chance) => {
    const { localpart, display } = chance.one(known);
    const twin = chance.one([
      `${localpart}_`,
      localpart.replace("o", "0"),
      localpart.replace("l", "1"),
      `${localpart}${chance.whole(1, 9)}`,
      `${localpart[0]!}${localpart}`,
    ]);
    return { localpart: `${twin}${chance.hits(0.3) ? chance.letters(1) : ""}`, display };
  };

function same(localpart: string): Name {
  return { localpart, display: localpart };
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
