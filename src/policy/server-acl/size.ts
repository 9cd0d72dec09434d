/** How many bytes a server ACL takes, and which entries find room in it. */
import type { ServerAclContent } from "../../model/actions/server-acl.ts";

/** All of the content but the entries. */
export type AclBase = Omit<ServerAclContent, "deny">;

/** What a list has where nobody chose anything. */
export const everybody: AclBase = { allow: ["*"], allow_ip_literals: false };

/** As many of the entries as `maxBytes` holds beside the rest of the content, in their order. */
export function fit(
  entries: readonly string[],
  base: AclBase,
  maxBytes: number,
): { fitting: readonly string[]; leftOut: readonly string[]; bytes: number } {
  const fitting: string[] = [];
  const leftOut: string[] = [];
  let bytes = jsonBytes({ ...base, deny: [] });
  for (const entry of entries) {
    const comma = fitting.length > 0 ? 1 : 0;
    const after = bytes + comma + jsonBytes(entry);
    if (after > maxBytes) leftOut.push(entry);
    else {
      fitting.push(entry);
      bytes = after;
    }
  }
  return { fitting, leftOut, bytes };
}

/** In UTF-8, as it is sent. */
export function jsonBytes(value: unknown): number {
  // Names without anything to escape, which is nearly all of them, need not be written out to be counted.
  if (typeof value === "string" && /^[a-zA-Z0-9.*?:_[\]-]*$/.test(value)) return value.length + 2;
  return Buffer.byteLength(JSON.stringify(value));
}
