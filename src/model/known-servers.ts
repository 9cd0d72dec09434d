/**
 * When we first saw somebody of each server in a protected room. Of servers that were there before us it is not known: they
 * may be old or new.
 */
import { lru, type Lru } from "../kit/lru.ts";
import type { ServerName } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface KnownServer {
  /** Ms since the epoch; 0: it was there before us. */
  readonly since: number;
}

/**
 * About 100 bytes each. Whoever has names for so many servers makes us forget others, those of which nobody has come for
 * longest; where people of such a one are still here, its age is unknown from then on.
 */
const mostServers = 20_000;

/** The servers, to read only. */
export type KnownServersView = Readonly<Pick<KnownServers, "since">>;

export class KnownServers {
  readonly storedAs = "server";
  readonly unwritten = new UnwrittenItems<KnownServer>();
  readonly #all: Lru<ServerName, KnownServer>;

  constructor(servers = mostServers) {
    this.#all = lru(servers, (server) => this.unwritten.note(server, undefined));
  }

  get view(): KnownServersView {
    return this;
  }

  /** When somebody of it was first seen; undefined where that is not known. */
  since(server: ServerName): number | undefined {
    const since = this.#all.peek(server)?.since ?? 0;
    return since > 0 ? since : undefined;
  }

  /** Somebody of it has come. `isNew`: nobody else of it is here; asked only where we do not know the server. */
  came(server: ServerName, { at, isNew }: { readonly at: number; readonly isNew: () => boolean }): void {
    if (this.#all.get(server)) return;
    this.#set(server, { since: isNew() ? at : 0 });
  }

  /** Somebody of it was there already. */
  wasThere(server: ServerName): void {
    if (this.#all.get(server)?.since !== 0) this.#set(server, { since: 0 });
  }

  restore(key: string, server: KnownServer): void {
    this.#all.set(key as ServerName, server);
  }

  #set(server: ServerName, known: KnownServer): void {
    this.#all.set(server, known);
    this.unwritten.note(server, known);
  }
}
