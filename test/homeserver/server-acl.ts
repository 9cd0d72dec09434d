/** Does a server ACL admit a server? The evaluation order of the specification. */
import type { Content } from "./event.ts";
import { asStrings } from "./json.ts";

export function isServerAllowed(serverName: string, acl: Content | undefined): boolean {
  if (acl === undefined) return true;
  const host = serverName.toLowerCase().replace(/:\d+$/, "");
  if (acl["allow_ip_literals"] === false && isIpLiteral(host)) return false;
  if (matchesAny(host, acl["deny"])) return false;
  return matchesAny(host, acl["allow"]);
}

function matchesAny(host: string, globs: unknown): boolean {
  return (asStrings(globs) ?? []).some((glob) => matchesGlob(host, glob.toLowerCase()));
}

function matchesGlob(host: string, glob: string): boolean {
  if (glob === "*") return true;
  if (!/[*?]/.test(glob)) return glob === host;
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`).test(host);
}

function isIpLiteral(host: string): boolean {
  return host.startsWith("[") || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}
