/**
 * The people that we know, each by a small number: found by their id, by their server, and by an id that differs in case
 * alone. The numbers of people who have gone are given again.
 */
import { foldCase } from "../kit/glob.ts";
import { NumberLists } from "../kit/number-lists.ts";
import { none, Numbered } from "../kit/numbered-texts.ts";
import { serverOf, type ServerName, type UserId } from "./ids.ts";

export class People {
  readonly #users: Numbered<UserId>;
  readonly #ofServers = new NumberLists<ServerName>();
  readonly #countOfServers = new Map<ServerName, number>();
  /** Ids that hold capitals, by their lower-case form: bans match them in either case. */
  readonly #variants = new Map<string, UserId[]>();

  /** `seed`: a secret number, so that strangers cannot choose ids that collide. */
  constructor(seed: number) {
    this.#users = new Numbered(seed);
  }

  get size(): number {
    return this.#users.size;
  }

  /** The largest number of people known at once so far; each person's number is below it. */
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
    return this.#ofServers.keys();
  }

  /** Nobody may come or go during the iteration. */
  *usersOfServer(server: ServerName): Iterable<UserId> {
    for (let id = this.#ofServers.first(server); id !== none; id = this.#ofServers.next(id))
      yield this.#users.textOf(id);
  }

  countOfServer(server: ServerName): number {
    return this.#countOfServers.get(server) ?? 0;
  }

  /** Known ids that equal `lower` when put in lower case, those without capitals left out. */
  variantsOf(lower: string): readonly UserId[] {
    return this.#variants.get(lower) ?? [];
  }

  /** Only somebody unknown. Gives the number. */
  add(user: UserId): number {
    const id = this.#users.add(user);
    this.#ofServers.add(serverOf(user), id);
    this.#countOf(serverOf(user), 1);
    this.#addVariant(user);
    return id;
  }

  /** Only for a number that was given and not taken back. */
  remove(id: number): void {
    const user = this.#users.textOf(id);
    this.#users.remove(id);
    this.#ofServers.remove(serverOf(user), id);
    this.#countOf(serverOf(user), -1);
    this.#removeVariant(user);
  }

  #countOf(server: ServerName, more: number): void {
    const count = this.countOfServer(server) + more;
    if (count > 0) this.#countOfServers.set(server, count);
    else this.#countOfServers.delete(server);
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
}
