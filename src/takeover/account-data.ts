/** The account data in which Mjolnir and Draupnir both keep their rooms, lists and enabled protections. */
import { asArray, asObject, asString, type JsonObject } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { parseAddress, shown, stateOf, type Address, type Traces } from "./earlier-bot.ts";

/** Types of account data. */
export const accountKeys = {
  rooms: "org.matrix.mjolnir.protected_rooms",
  lists: "org.matrix.mjolnir.watched_lists",
  protections: "org.matrix.mjolnir.enabled_protections",
  defaultList: "org.matrix.mjolnir.default_list",
  /** The management room that Draupnir makes for itself when its config names none. */
  madeRoom: "space.draupnir.zero_touch_deploy_room",
} as const;

/** A field in the key for rooms: Tyr made that key, so no other bot has used this account, and its content is ours. */
export const madeByUs = "io.tyr.made";

/** A field with which Draupnir notes the version of a key's content. */
export const draupnirVersion = "ge.applied-langua.ge.draupnir.schema_version";

/** State events of the management room: a protection's settings, by its name as the state key. */
const settingType = "org.matrix.mjolnir.setting";

/** The account data as far as it can be read; the rest as sentences. */
export interface AccountTraces {
  readonly rooms: readonly Address[];
  readonly lists: readonly Address[];
  /** Names of enabled protections; undefined where the key is missing or has no such list. */
  readonly enabled: readonly string[] | undefined;
  readonly notTakenOver: readonly Say[];
}

export function readAccountData({ accountData }: Traces): AccountTraces {
  const notTakenOver: Say[] = [];
  const entries = (type: string, field: string) => {
    const content = accountData.get(type);
    if (content === undefined) return undefined;
    const list = asArray(asObject(content)?.[field]);
    if (!list) notTakenOver.push(say`${code(type)} has no list ${code(field)}, but ${shown(content)}`);
    return list;
  };
  const addresses = (type: string, field: string, what: string) =>
    (entries(type, field) ?? []).flatMap((entry) => {
      const address = parseAddress(asString(entry) ?? "");
      if (!address) notTakenOver.push(say`${shown(entry)} among the ${plain(what)} is no room's address`);
      return address ?? [];
    });
  return {
    rooms: addresses(accountKeys.rooms, "rooms", "protected rooms"),
    lists: addresses(accountKeys.lists, "references", "watched lists"),
    enabled: entries(accountKeys.protections, "enabled")?.flatMap((entry) => {
      const name = asString(entry);
      if (name === undefined) notTakenOver.push(say`${shown(entry)} among the protections is no name`);
      return name ?? [];
    }),
    notTakenOver,
  };
}

/** The settings of a protection that were changed; an empty object where none was. */
export function settingsIn({ state }: Traces): (protection: string) => JsonObject {
  const settings = stateOf(state, settingType);
  return (protection) => asObject(settings.get(protection)) ?? {};
}

export function hasAny({ accountData }: Traces, types: readonly string[]): boolean {
  return types.some((type) => accountData.has(type));
}
