/** The version of rooms that the homeserver makes, as far as it decides who may be listed in their power levels. */
import { asObject, asString } from "../kit/json.ts";
import type { RestClient } from "./http/client.ts";

/** What the homeserver makes rooms of unless told otherwise; undefined where it does not say. */
export async function usualRoomVersion(client: RestClient): Promise<string | undefined> {
  const { capabilities } = await client.call("GET", "/_matrix/client/v3/capabilities");
  return asString(asObject(asObject(capabilities)?.["m.room_versions"])?.["default"]);
}

/** Creators of version 12 and later stand above all levels and must not be listed. */
export function hasSovereignCreators(version: string | undefined): boolean {
  return version !== undefined && /^\d+$/.test(version) && Number(version) >= 12;
}
