/**
 * What people here call themselves, with their picture: as far as a membership event told it, the newest name of each.
 * Those of the staff are kept apart, so that no crowd of strangers can drive them out.
 */
import { skeletonOf, writtenForm } from "../kit/skeleton.ts";
import type { PersonName } from "./event.ts";
import { fewestLetters, FoldedNames } from "./folded-names.ts";
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
  #byName: FoldedNames | undefined;

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
    this.#looks ??= looksOfAll(this.#staff);
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
    if (!this.#byName) {
      this.#byName = new FoldedNames();
      for (const [one, name] of this.#everybody()) this.#byName.add(one, name);
    }
    return this.#byName.countIn(words, counts);
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
    this.#byName?.add(user, name);
  }

  #drop(user: UserId): boolean {
    const name = this.#staff.get(user) ?? this.#others.get(user);
    if (!name) return false;
    if (this.#staff.delete(user)) this.#looks = undefined;
    this.#others.delete(user);
    this.#byName?.remove(user, name);
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

function looksOfAll(people: Iterable<readonly [UserId, KnownName]>): Map<string, Set<UserId>> {
  const looks = new Map<string, Set<UserId>>();
  for (const [user, name] of people)
    for (const look of looksOf(user, name)) {
      const users = looks.get(look);
      if (users) users.add(user);
      else looks.set(look, new Set([user]));
    }
  return looks;
}
