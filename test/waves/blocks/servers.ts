/** Servers: those where the community lives, a few large and many small ones, and those that nobody has seen before. */
import { Weighted, type Chance } from "./chance.ts";

const before = ["matrix", "chat", "m", "synapse", "im", "talk", "hs", "conduit", "msg"];
const words =
  "tulip,harbor,copper,lynx,meadow,signal,orbit,pebble,raven,saddle,timber,velvet,willow,zenith,anchor,birch,canyon,drift,ember,falcon,glacier,hollow,island,jasper,kestrel,lagoon,mosaic,nectar,onyx,prairie".split(
    ",",
  );

/** The server on which every third account lives, wherever one looks. */
export const largest = "matrix.org";

/** The largest first. */
export function known(count: number, chance: Chance): readonly string[] {
  return [largest, ...some(count - 1, chance, "example")];
}

/** Never seen here: under other names than any that `known` gives. */
export function fresh(count: number, chance: Chance): readonly string[] {
  return some(count, chance, "test");
}

function some(count: number, chance: Chance, end: string): readonly string[] {
  const names = new Set<string>();
  while (names.size < count)
    names.add(
      `${chance.one(before)}.${chance.one(words)}${chance.one(["", "-", ""])}${chance.one(words)}${chance.hits(0.2) ? chance.whole(2, 99) : ""}.${end}`,
    );
  return [...names];
}

/** A third on the largest, then fewer and fewer; every server has somebody sooner or later. */
export function byPopularity(servers: readonly string[]): Weighted<string> {
  return new Weighted(servers, (i) => (i === 0 ? servers.length * 0.015 : 1 / (i + 1) ** 0.8));
}

/** Those that everybody knows and many live on. */
export function big(servers: readonly string[]): readonly string[] {
  return servers.slice(0, 12);
}
