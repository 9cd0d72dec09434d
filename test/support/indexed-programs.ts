// Random programs of IndexedDB transactions, and what comes of them: run on ours and on another implementation, they have to
// come to the same.

import fc from "fast-check";
import {
  answered,
  type Asked,
  type Connection,
  endOf,
  type Implementation,
  open,
  type Readable,
  type Store,
  type Transaction,
} from "./indexed.ts";

interface Cursor {
  readonly key: unknown;
  readonly primaryKey: unknown;
  readonly value: unknown;
  continue(): void;
  update(value: unknown): Asked;
  delete(): Asked;
}

const stores = ["one", "two"] as const;
type StoreName = (typeof stores)[number];

type Query =
  | { readonly kind: "key" | "lower" | "lower-open" | "upper" | "upper-open"; readonly key: unknown }
  | { readonly kind: "between"; readonly key: unknown; readonly upper: unknown }
  | { readonly kind: "all" };

type Ask = { readonly store: StoreName; readonly index?: string } & (
  | { readonly kind: "put" | "add"; readonly key: unknown; readonly value: unknown }
  | { readonly kind: "get" | "count" | "delete"; readonly query: Query }
  | { readonly kind: "getAll" | "getAllKeys"; readonly query: Query; readonly count: number | undefined }
  | { readonly kind: "clear" }
  | {
      readonly kind: "walk";
      readonly query: Query;
      readonly steps: readonly ("read" | "update" | "delete")[];
    }
);

interface Planned {
  readonly writes: boolean;
  readonly scope: readonly StoreName[];
  readonly asks: readonly Ask[];
  /** Each is asked when the one before is answered; otherwise all at once. */
  readonly isPatient: boolean;
  readonly end: "itself" | "commit" | "abort";
}

/** Of a round, all transactions are begun together. */
export type Program = readonly {
  readonly round: readonly Planned[];
  readonly upgrade: "none" | "index" | "store" | "fails";
}[];

const simple = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, -0.5, 2 ** 40, Infinity, -Infinity),
  fc.constantFrom("", "a", "aa", "b", "\0", "~", "\x7f", "\x80", "é", "\u407e", "\u407f", "\ud83d", "\uffff"),
);
/** Few, so that they meet. */
export const keys: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: simple },
  { weight: 2, arbitrary: fc.array(simple, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.array(simple, { maxLength: 2 }), { maxLength: 2 }) },
);
const values = fc.oneof(
  fc.record(
    {
      tag: fc.oneof(keys, fc.constantFrom(true, null, {}, Number.NaN)),
      nr: fc.constantFrom(1, 2, "x"),
      id: fc.oneof(fc.nat(30), fc.constant(false)),
      bytes: fc.uint8Array({ maxLength: 4 }),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom<unknown>(true, "text", 7, null),
);
const queries: fc.Arbitrary<Query> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("key", "lower", "lower-open", "upper", "upper-open"),
    key: keys,
  } as const),
  fc.record({ kind: fc.constant("between"), key: keys, upper: keys } as const),
);
const queriesOrAll = fc.oneof(queries, fc.constant<Query>({ kind: "all" }));
const count = fc.constantFrom(undefined, 0, 1, 2);
const indexes = fc.constantFrom(undefined, "by-tag", "by-both", "by-id");

const asks: fc.Arbitrary<Ask> = fc.oneof(
  ask({ kind: fc.constant("put"), key: keys, value: values }, 6),
  ask({ kind: fc.constant("add"), key: keys, value: values }, 1),
  ask({ kind: fc.constant("get"), index: indexes, query: queries }, 2),
  ask({ kind: fc.constant("count"), index: indexes, query: queriesOrAll }, 1),
  ask({ kind: fc.constant("getAll"), index: indexes, query: queriesOrAll, count }, 2),
  ask({ kind: fc.constant("getAllKeys"), query: queriesOrAll, count }, 1),
  ask({ kind: fc.constant("delete"), query: queries }, 1),
  ask({ kind: fc.constant("clear") }, 0.2),
  ask(
    {
      kind: fc.constant("walk"),
      index: indexes,
      query: queriesOrAll,
      steps: fc.array(fc.constantFrom("read", "update", "delete"), { maxLength: 5 }),
    },
    1,
  ),
);

function ask(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, weight: number) {
  const arbitrary = fc.record({ store: fc.constantFrom(...stores), ...fields }) as fc.Arbitrary<unknown>;
  return { weight: Math.ceil(weight * 5), arbitrary: arbitrary as fc.Arbitrary<Ask> };
}

const planned: fc.Arbitrary<Planned> = fc.record({
  writes: fc.boolean(),
  scope: fc.constantFrom<readonly StoreName[]>(["one"], ["two"], ["one", "two"]),
  asks: fc.array(asks, { maxLength: 8 }),
  isPatient: fc.boolean(),
  end: fc.constantFrom("itself", "itself", "commit", "abort"),
});

export const programs: fc.Arbitrary<Program> = fc.array(
  fc.record({
    round: fc.array(planned, { minLength: 1, maxLength: 3 }),
    upgrade: fc.constantFrom("none", "none", "none", "index", "store", "fails"),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What each request was answered with and how each transaction ended, and what is stored in the end. */
export async function outcomeOf(program: Program, implementation: Implementation): Promise<unknown> {
  let connection = await open(implementation, 1, (made) => {
    for (const name of stores) indexed(made.createObjectStore(name));
  });
  const log: unknown[] = [];
  for (const { round, upgrade } of program) {
    log.push(await Promise.all(round.map((one) => runOne(one, connection, implementation))));
    if (upgrade === "none") continue;
    connection.close();
    const { version } = connection;
    connection = await open(implementation, version + 1, (made, transaction) =>
      upgradeBy(upgrade, made, transaction),
    ).catch((error: { name: string }) => {
      log.push(error.name);
      return open(implementation);
    });
  }
  const { objectStoreNames: names, version } = connection;
  log.push({ version, stores: Array.from({ length: names.length }, (_, at) => names.item(at)) });
  log.push(await runOne(everything, connection, implementation));
  connection.close();
  return log;
}

const everything: Planned = {
  writes: false,
  scope: stores,
  isPatient: true,
  end: "itself",
  asks: stores.flatMap((store): Ask[] => [
    { kind: "getAllKeys", store, query: { kind: "all" }, count: undefined },
    ...[undefined, "by-tag", "by-both", "by-id"].map((index): Ask => ({
      kind: "getAll",
      store,
      ...(index && { index }),
      query: { kind: "all" },
      count: undefined,
    })),
  ]),
};

function indexed(store: Store): void {
  store.createIndex("by-tag", "tag");
  store.createIndex("by-both", ["tag", "nr"], {});
  store.createIndex("by-id", "id", { unique: true });
}

function upgradeBy(upgrade: Program[number]["upgrade"], made: Connection, transaction: Transaction): void {
  const name = `more-${made.version}`;
  if (upgrade === "index") {
    // What is asked before it is in it, too.
    void transaction.objectStore("one").put({ tag: "early", nr: made.version }, "early");
    transaction.objectStore("one").createIndex(name, "nr");
    void transaction.objectStore("one").put({ tag: "late", nr: made.version }, "late");
  } else if (upgrade === "store") {
    made.createObjectStore(name).put("kept", 1);
    void transaction.objectStore("two").put({ tag: "gone" }, 1);
    made.deleteObjectStore("two");
    indexed(made.createObjectStore("two"));
    void transaction.objectStore("two").put({ tag: "new" }, 2);
  } else {
    made.createObjectStore(name).put("never", 1);
    made.deleteObjectStore("two");
    transaction.abort();
  }
}

async function runOne(one: Planned, connection: Connection, { ranges }: Implementation): Promise<unknown> {
  const transaction = connection.transaction(one.scope, one.writes ? "readwrite" : "readonly");
  const end = endOf(transaction);
  const answers: unknown[] = [];
  try {
    for (const ask of one.asks) {
      const answer = answerOf(ask, transaction, ranges);
      answers.push(one.isPatient ? await answer : answer);
    }
    if (one.end !== "itself") transaction[one.end]();
  } catch {
    // A transaction that was aborted meanwhile.
    answers.push("refused");
  }
  return { answers: await Promise.all(answers), end: await end };
}

/** What is refused at once is an answer, too; of two reasons either may be given. */
function answerOf(ask: Ask, transaction: Transaction, ranges: Implementation["ranges"]): unknown {
  try {
    const store = transaction.objectStore(ask.store);
    const from: Readable = ask.index === undefined ? store : store.index(ask.index);
    switch (ask.kind) {
      case "put":
      case "add":
        return answered(store[ask.kind](ask.value, ask.key));
      case "get":
      case "count":
        return answered(from[ask.kind](queryOf(ask.query, ranges)));
      case "delete":
        return answered(store.delete(queryOf(ask.query, ranges)));
      case "getAll":
        return answered(from.getAll(queryOf(ask.query, ranges), ask.count));
      case "getAllKeys":
        return answered(store.getAllKeys(queryOf(ask.query, ranges), ask.count));
      case "clear":
        return answered(store.clear());
      case "walk":
        return walk(from.openCursor(queryOf(ask.query, ranges)), ask.steps);
    }
  } catch {
    return "refused";
  }
}

async function walk(request: Asked, steps: readonly string[]): Promise<unknown> {
  const seen: unknown[] = [];
  await answered(request);
  for (const step of steps) {
    const cursor = request.error ? null : (request.result as Cursor | null);
    if (!cursor) break;
    seen.push([cursor.key, cursor.primaryKey, cursor.value]);
    try {
      if (step === "update") seen.push(await answered(cursor.update({ tag: "walked", nr: 2 })));
      if (step === "delete") seen.push(await answered(cursor.delete()));
      cursor.continue();
      await answered(request);
    } catch {
      seen.push("refused");
      break;
    }
  }
  return seen;
}

function queryOf(query: Query, ranges: Implementation["ranges"]): unknown {
  switch (query.kind) {
    case "all":
      return undefined;
    case "key":
      return query.key;
    case "lower":
    case "lower-open":
      return ranges.lowerBound(query.key, query.kind === "lower-open");
    case "upper":
    case "upper-open":
      return ranges.upperBound(query.key, query.kind === "upper-open");
    case "between":
      return ranges.bound(query.key, query.upper, true, false);
  }
}
