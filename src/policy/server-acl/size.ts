/** How many bytes a server ACL takes, and which entries find room in it. */
import type { ServerAclContent } from "../../model/actions/server-acl.ts";

/** Bytes of the content without its entries. */
export type AclBase = Omit<ServerAclContent, "deny">;

/** The settings of an ACL where nobody chose otherwise. */
export const everybody: AclBase = { allow: ["*"], allow_ip_literals: false };

/** The first so many entries that the content takes at most `maxBytes` with them. */
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

/** Bytes of an entry as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  // Nearly all names have nothing to escape; their bytes are counted without writing them as JSON.
  if (typeof value === "string" && /^[a-zA-Z0-9.*?:_[\]-]*$/.test(value)) return value.length + 2;
  return Buffer.byteLength(JSON.stringify(value));
}
