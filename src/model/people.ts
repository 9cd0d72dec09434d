/**
 * The people that we know, each by a small number: found by their id, by their server, and by an id that differs in case
 * alone. The numbers of people who have gone are given again.
 */
import { foldCase } from "../kit/glob.ts";
import { none, Numbered } from "../kit/numbered-texts.ts";
import { serverOf, type ServerName, type UserId } from "./ids.ts";

export class People {
  readonly #users: Numbered<UserId>;
  /** The newest person of each server; `#nextOfServer` leads to the others. */
  readonly #serverHead = new Map<ServerName, number>();
  #nextOfServer = new Int32Array(1024);
  #previousOfServer = new Int32Array(1024);
  /** Ids that hold capitals, by their lower-case form: bans match them in either case. */
  readonly #variants = new Map<string, UserId[]>();

  /** `seed`: a secret number, so that strangers cannot choose ids that collide. */
  constructor(seed: number) {
    this.#users = new Numbered(seed);
  }

  get size(): number {
    return this.#users.size;
  }

  /** The most that there have been at a time; all numbers are below it. */
  get mostAtOnce(): number {
    return this.#users.mostAtOnce;
  }

  /** `none` for somebody unknown. */
  numberOf(user: UserId): number {
    return this.#users.numberOf(user);
  }

  /** Only for a number that was given and not taken back. */
  userOf(number: number): UserId {
    return this.#users.textOf(number);
  }

  users(): Iterable<UserId> {
    return this.#users.texts();
  }

  /** Servers with anybody known on them. */
  servers(): Iterable<ServerName> {
    return this.#serverHead.keys();
  }

  /** Nobody may come or go during the iteration. */
  *usersOfServer(server: ServerName): Iterable<UserId> {
    for (let id = this.#serverHead.get(server) ?? none; id !== none; id = this.#nextOfServer[id]!)
      yield this.#users.textOf(id);
  }

  /** Known ids that equal `lower` when put in lower case, those without capitals left out. */
  variantsOf(lower: string): readonly UserId[] {
    return this.#variants.get(lower) ?? [];
  }

  /** Only somebody unknown. Gives the number. */
  add(user: UserId): number {
    const id = this.#users.add(user);
    if (id >= this.#nextOfServer.length) this.#grow();
    const server = serverOf(user);
    const first = this.#serverHead.get(server) ?? none;
    this.#nextOfServer[id] = first;
    this.#previousOfServer[id] = none;
    if (first !== none) this.#previousOfServer[first] = id;
    this.#serverHead.set(server, id);
    this.#addVariant(user);
    return id;
  }

  /** Only for a number that was given and not taken back. */
  remove(id: number): void {
    const user = this.#users.textOf(id);
    this.#users.remove(id);
    const [before, after] = [this.#previousOfServer[id]!, this.#nextOfServer[id]!];
    if (after !== none) this.#previousOfServer[after] = before;
    if (before !== none) this.#nextOfServer[before] = after;
    else if (after !== none) this.#serverHead.set(serverOf(user), after);
    else this.#serverHead.delete(serverOf(user));
    this.#removeVariant(user);
  }

  #addVariant(user: UserId): void {
    const lower = foldCase(user);
    if (lower === user) return;
    const variants = this.#variants.get(lower);
    if (variants) variants.push(user);
    else this.#variants.set(lower, [user]);
  }

  #removeVariant(user: UserId): void {
    const lower = foldCase(user);
    const variants = this.#variants.get(lower);
    if (lower === user || !variants) return;
    if (variants.length === 1) this.#variants.delete(lower);
    else variants.splice(variants.indexOf(user), 1);
  }

  #grow(): void {
    this.#nextOfServer = grown(this.#nextOfServer, 0);
    this.#previousOfServer = grown(this.#previousOfServer, 0);
  }
}

/** Twice as long, with `fill` in the new half. */
export function grown(array: Int32Array, fill: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2).fill(fill, array.length);
  larger.set(array);
  return larger;
}
