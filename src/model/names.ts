/**
 * What people here call themselves, with their picture: as far as a membership event told it, the newest name of each.
 * Those of the staff are kept apart, so that no crowd of strangers can drive them out.
 */
import { fold } from "../kit/fold.ts";
import { skeletonOf, writtenForm } from "../kit/skeleton.ts";
import type { PersonName } from "./event.ts";
import { localpartOf, type UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

interface KnownName extends PersonName {
  /** Of the staff, what else they are or were called: names differ from room to room. */
  readonly also?: readonly string[];
}

export interface StoredName extends KnownName {
  readonly isStaff?: true;
}

/** The names, to read only. */
export type NamesView = Pick<Names, "isImitation" | "countIn">;

/** More than communities have as staff; beyond it those whose name was told least lately are forgotten. */
const mostStaff = 512;
/** Further names of one of them. */
const mostAlso = 3;
/** Shorter names are words of many languages, and look like anything. */
const fewestLetters = 3;
/** Names of more words are sentences. */
const mostWords = 4;
/** So many words of a text are looked at: more than a message that people read has. */
const mostWordsLooked = 1_000;
/** So many people of one name are looked at, to know whether one of them is here. */
const mostOfName = 64;

export class Names {
  readonly storedAs = "name";
  readonly unwritten = new UnwrittenItems<StoredName>();
  readonly #remembered: number;
  /** Those told last come last. */
  readonly #staff = new Map<UserId, KnownName>();
  readonly #others = new Map<UserId, KnownName>();
  /** The staff by how their names look; made when first asked for. */
  #looks: Map<string, Set<UserId>> | undefined;
  /** Everybody by their folded name; made when first asked for. */
  #byName: Map<string, Set<UserId>> | undefined;

  /** `remembered`: people besides the staff; those whose name was told least lately are forgotten. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): NamesView {
    return this;
  }

  /** `isNews`: told as it happened. What is read of a room in one go drives nobody out. */
  note(
    user: UserId,
    name: PersonName,
    { isStaff, isNews }: { readonly isStaff: boolean; readonly isNews: boolean },
  ): void {
    if (isStaff || this.#staff.has(user)) return this.#noteStaff(user, name);
    const known = this.#others.get(user);
    if (name.display === undefined) return;
    if (known ? isSame(known, name) : !isNews && this.#others.size >= this.#remembered) return;
    this.#put(this.#others, user, name);
    this.unwritten.note(user, name);
    if (this.#others.size > this.#remembered) this.forget(this.#others.keys().next().value!);
  }

  /** They were given power, maybe before any name of theirs was told: the one in their id is known. */
  becameStaff(user: UserId): void {
    if (!this.#staff.has(user)) this.#noteStaff(user, this.#others.get(user) ?? {});
  }

  /** The store tells that they are of the staff. Earlier versions kept no names: the one in their id is known. */
  restoreStaff(user: UserId): void {
    if (!this.#staff.has(user) && this.#staff.size < mostStaff)
      this.#put(this.#staff, user, this.#others.get(user) ?? {});
  }

  /** They are in no room of ours any more. */
  forget(user: UserId): void {
    if (this.#drop(user)) this.unwritten.note(user, undefined);
  }

  restore(key: string, { isStaff, ...name }: StoredName): void {
    this.#put(isStaff ? this.#staff : this.#others, key as UserId, name);
  }

  /**
   * The name, or the one in the id, looks like that of one of the staff and is written differently; or it is the same with
   * the same picture. `isStaff`: who is of the staff now.
   */
  isImitation(user: UserId, name: PersonName, isStaff: (user: UserId) => boolean): boolean {
    this.#looks ??= indexOf(this.#staff, looksOf);
    for (const one of namesOf(user, name))
      for (const other of this.#looks.get(skeletonOf(one)) ?? []) {
        if (other === user || !isStaff(other)) continue;
        const theirs = this.#staff.get(other) ?? {};
        const isWrittenSo = namesOf(other, theirs).some((their) => writtenForm(their) === writtenForm(one));
        const hasTheirPicture = name.avatar !== undefined && name.avatar === theirs.avatar;
        if (!isWrittenSo || (hasTheirPicture && one === name.display)) return true;
      }
    return false;
  }

  /** How many different names of people who count stand in a folded text, word by word; the longer of two at one place. */
  countIn(words: readonly string[], counts: (user: UserId) => boolean): number {
    this.#byName ??= indexOf(this.#everybody(), foldedNames);
    const found = new Set<string>();
    const last = Math.min(words.length, mostWordsLooked);
    for (let at = 0; at < last; at++) {
      for (let length = Math.min(mostWords, last - at); length > 0; length--) {
        const text = words.slice(at, at + length).join(" ");
        if (!isOfSome(this.#byName.get(text), counts)) continue;
        found.add(text);
        at += length - 1;
        break;
      }
    }
    return found.size;
  }

  *#everybody(): Iterable<readonly [UserId, KnownName]> {
    yield* this.#staff;
    yield* this.#others;
  }

  #noteStaff(user: UserId, name: PersonName): void {
    const known = this.#staff.get(user);
    // Without a name in one room, with it in the others.
    if (known && (isSame(known, name) || name.display === undefined)) return;
    const also = [known?.display ?? [], known?.also ?? []]
      .flat()
      .filter((one) => one !== name.display)
      .slice(0, mostAlso);
    const staff = also.length > 0 ? { ...name, also } : name;
    this.#put(this.#staff, user, staff);
    this.unwritten.note(user, { ...staff, isStaff: true });
    if (this.#staff.size > mostStaff) this.forget(this.#staff.keys().next().value!);
  }

  #put(where: Map<UserId, KnownName>, user: UserId, name: KnownName): void {
    this.#drop(user);
    where.set(user, name);
    if (where === this.#staff) this.#looks = undefined;
    if (!this.#byName) return;
    for (const text of foldedNames(user, name)) addTo(this.#byName, text, user);
  }

  #drop(user: UserId): boolean {
    const name = this.#staff.get(user) ?? this.#others.get(user);
    if (!name) return false;
    if (this.#staff.delete(user)) this.#looks = undefined;
    this.#others.delete(user);
    for (const text of this.#byName ? foldedNames(user, name) : []) {
      const users = this.#byName?.get(text);
      if (users?.delete(user) && users.size === 0) this.#byName?.delete(text);
    }
    return true;
  }
}

function isSame(one: PersonName, other: PersonName): boolean {
  return one.display === other.display && one.avatar === other.avatar;
}

function namesOf(user: UserId, { display, also = [] }: KnownName): readonly string[] {
  return [...(display === undefined ? [] : [display]), ...also, localpartOf(user)];
}

function looksOf(user: UserId, name: KnownName): readonly string[] {
  return [...new Set(namesOf(user, name).map(skeletonOf))].filter((look) => look.length >= fewestLetters);
}

function foldedNames(_user: UserId, { display = "" }: PersonName): readonly string[] {
  const { words, text } = fold(display);
  return words.length > 0 && words.length <= mostWords && text.length >= fewestLetters ? [text] : [];
}

function indexOf(
  people: Iterable<readonly [UserId, KnownName]>,
  keysOf: (user: UserId, name: KnownName) => readonly string[],
): Map<string, Set<UserId>> {
  const index = new Map<string, Set<UserId>>();
  for (const [user, name] of people) for (const key of keysOf(user, name)) addTo(index, key, user);
  return index;
}

function addTo(index: Map<string, Set<UserId>>, key: string, user: UserId): void {
  const users = index.get(key);
  if (users) users.add(user);
  else index.set(key, new Set([user]));
}

function isOfSome(users: Iterable<UserId> | undefined, counts: (user: UserId) => boolean): boolean {
  let looked = 0;
  for (const user of users ?? []) {
    if (counts(user)) return true;
    if (++looked === mostOfName) return false;
  }
  return false;
}
