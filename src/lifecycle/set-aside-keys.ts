/** Keys of earlier devices of ours: put aside when we became another device, and removed a month later. */
import { asObject, type JsonObject } from "../kit/json.ts";
import { dayMs } from "../kit/duration.ts";
import { removeCryptoAside, setCryptoAside } from "../store/crypto-files.ts";
import type { Snapshot } from "../store/snapshot.ts";

export interface SetAsideOptions {
  readonly dataPath: string;
  readonly snapshot: Pick<Snapshot, "kept" | "keep">;
}

/** Long enough to find out that it was a mistake, as two data folders that were mixed up. */
const keptMs = 30 * dayMs;

/** When keys were put aside, by device; kept in the data folder under this name. */
const asideKey = "crypto aside";

export function setKeysAside(device: string, at: number, { dataPath, snapshot }: SetAsideOptions): void {
  // First: of what is not written down we would not know later that it is ours to remove.
  snapshot.keep(asideKey, JSON.stringify({ ...setAside(snapshot), [device]: at }));
  setCryptoAside(dataPath, device);
}

/** Removes what was put aside a month ago. */
export function removeOldKeys(at: number, { dataPath, snapshot }: SetAsideOptions): void {
  const known = Object.entries(setAside(snapshot));
  const isOld = ([, since]: (typeof known)[number]) => typeof since !== "number" || at - since >= keptMs;
  const old = known.filter(isOld);
  if (old.length === 0) return;
  for (const [device] of old) removeCryptoAside(dataPath, device);
  snapshot.keep(asideKey, JSON.stringify(Object.fromEntries(known.filter((one) => !isOld(one)))));
}

function setAside(snapshot: SetAsideOptions["snapshot"]): JsonObject {
  return asObject(JSON.parse(snapshot.kept(asideKey) ?? "{}")) ?? {};
}
