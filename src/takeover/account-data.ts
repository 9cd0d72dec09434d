/** The keys in a bot's account data that Mjolnir made and Draupnir went on with: rooms, lists, what is switched on. */
import { asArray, asObject, asString, type JsonObject } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { parseAddress, shown, stateOf, type Address, type Traces } from "./earlier-bot.ts";

/** Types of account data. */
export const accountKeys = {
  rooms: "org.matrix.mjolnir.protected_rooms",
  lists: "org.matrix.mjolnir.watched_lists",
  protections: "org.matrix.mjolnir.enabled_protections",
  defaultList: "org.matrix.mjolnir.default_list",
  /** The management room that a Draupnir made by itself. */
  madeRoom: "space.draupnir.zero_touch_deploy_room",
} as const;

/** In the key for rooms where we made that key: no other bot has ever been here, and what stands there is ours. */
export const madeByUs = "io.tyr.made";

/** A Draupnir marks with it what it has brought up to date. */
export const draupnirVersion = "ge.applied-langua.ge.draupnir.schema_version";

/** State of the management room: a protection's settings, under its name. */
const settingType = "org.matrix.mjolnir.setting";

/** What stands in the account data, as far as it can be read, and the rest in words. */
export interface AccountTraces {
  readonly rooms: readonly Address[];
  readonly lists: readonly Address[];
  /** Names of protections that are switched on; undefined where nothing says so. */
  readonly enabled: readonly string[] | undefined;
  readonly left: readonly Say[];
}

export function readAccountData({ accountData }: Traces): AccountTraces {
  const left: Say[] = [];
  const entries = (type: string, field: string) => {
    const content = accountData.get(type);
    if (content === undefined) return undefined;
    const list = asArray(asObject(content)?.[field]);
    if (!list) left.push(say`${code(type)} has no list ${code(field)}, but ${shown(content)}`);
    return list;
  };
  const addresses = (type: string, field: string, what: string) =>
    (entries(type, field) ?? []).flatMap((entry) => {
      const address = parseAddress(asString(entry) ?? "");
      if (!address) left.push(say`${shown(entry)} among the ${plain(what)} is no room's address`);
      return address ?? [];
    });
  return {
    rooms: addresses(accountKeys.rooms, "rooms", "protected rooms"),
    lists: addresses(accountKeys.lists, "references", "watched lists"),
    enabled: entries(accountKeys.protections, "enabled")?.flatMap((entry) => {
      const name = asString(entry);
      if (name === undefined) left.push(say`${shown(entry)} among the protections is no name`);
      return name ?? [];
    }),
    left,
  };
}

/** What is set of a protection; nothing where all is as it came. */
export function settingsIn({ state }: Traces): (protection: string) => JsonObject {
  const settings = stateOf(state, settingType);
  return (protection) => asObject(settings.get(protection)) ?? {};
}

export function hasAny({ accountData }: Traces, types: readonly string[]): boolean {
  return types.some((type) => accountData.has(type));
}
