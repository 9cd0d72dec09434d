/** Meowlnir's config. As an application service it has its rooms and lists in management rooms, its accounts in a database. */
import {
  homeserverAddress,
  missing,
  notNeeded,
  type Converted,
  type Unmapped,
  type NewSetting,
} from "./converted.ts";
import type { OldConfig } from "./old-config.ts";

export function isMeowlnirConfig(old: OldConfig): boolean {
  return (
    old.has("homeserver.address") &&
    ["meowlnir", "synapse_db", "antispam", "appservice.as_token"].some((key) => old.has(key))
  );
}

export function convertMeowlnir(old: OldConfig): Converted {
  const toDo = [
    "Register an ordinary account for Tyr, as an application service's token is no account's, and write its access token into the file tyr-token, for Tyr's eyes only: umask 077; cat > tyr-token.",
    "Name the room from which Meowlnir is commanded as managementRoom below, and invite Tyr there and to the rooms and lists: what Meowlnir keeps in that room is taken over at the first start.",
  ];
  old.read("homeserver.domain");
  const settings: NewSetting[] = [...homeserverAddress(old, "homeserver.address")];
  settings.push({
    path: "homeserver.accessTokenFile",
    value: "./tyr-token",
    from: "an account that is yet to be made",
  });
  const patterns = "meowlnir.hacky_redact_patterns";
  if (old.has(patterns))
    settings.push({ path: "redaction.reasons", value: old.texts(patterns), from: old.where(patterns) });
  settings.push(...logLevel(old));
  if (old.isOn("meowlnir.dry_run"))
    toDo.push(
      `dry_run is on (${old.where("meowlnir.dry_run")}), so nothing happened until now. Tyr acts from its first start on: stay with Meowlnir until that is what you want.`,
    );
  const spared = old.texts("meowlnir.hacky_rule_filter");
  if (spared.length > 0)
    toDo.push(
      `Bans that match one of the ${spared.length} entries of ${old.where("meowlnir.hacky_rule_filter")} were ignored. After the first start, say so for each: !tyr exempt add <entity>; servers may also stand in acl.sparedServers.`,
    );
  if (old.under("meowlnir.admin_tokens"))
    toDo.push(
      `Synapse's admin API was used with the tokens of other accounts (${old.where("meowlnir.admin_tokens")}). Tyr uses its own: for suspend, deactivate, shutdown and the like make its account an administrator (docs/server-admin.md).`,
    );
  return { bot: "a Meowlnir", settings, toDo, notUnderstood: [] };
}

function logLevel(old: OldConfig): readonly NewSetting[] {
  const level = old.text("logging.min_level")?.toLowerCase();
  const isOurs = level !== undefined && ["trace", "warn", "error"].includes(level);
  // Debug is Meowlnir's default, and no choice that somebody made.
  return isOurs ? [{ path: "log.level", value: level, from: old.where("logging.min_level") }] : [];
}

export const meowlnirUnmapped: ReadonlyMap<string, Unmapped> = new Map<string, Unmapped>([
  ["meowlnir.id", notNeeded("Tyr is an ordinary account")],
  ["meowlnir.as_token", notNeeded("Tyr is an ordinary account")],
  ["meowlnir.hs_token", notNeeded("Tyr is an ordinary account")],
  ["appservice", notNeeded("Tyr is an ordinary account")],
  ["meowlnir.address", notNeeded("Tyr listens to nobody")],
  ["meowlnir.hostname", notNeeded("Tyr listens to nobody")],
  ["meowlnir.port", notNeeded("Tyr listens to nobody")],
  ["server", notNeeded("Tyr listens to nobody")],
  ["meowlnir.management_secret", notNeeded("there is no management API")],
  ["meowlnir.data_secret", notNeeded("there is no data API")],
  ["meowlnir.federation_auth", missing("other servers' users could ask for matches")],
  ["meowlnir.untrusted", notNeeded("Tyr has to be in a list's room anyway")],
  ["meowlnir.report_room", missing("reports of users were shown in this room")],
  [
    "meowlnir.room_ban_room",
    missing("banned rooms of the homeserver were offered for blocking in this room"),
  ],
  [
    "meowlnir.load_all_room_hashes",
    missing("hashed room rules were compared with all rooms of Synapse", true),
  ],
  ["meowlnir.admin_tokens", notNeeded("Tyr uses Synapse's admin API as the administrator that it is made")],
  ["meowlnir", missing("Meowlnir's own")],
  ["meowlnir4all", missing("bots were made for other communities")],
  ["antispam", notNeeded("the homeserver asks Tyr by a secret of its own: docs/antispam.md")],
  ["policy_server", missing("Meowlnir was a policy server")],
  ["encryption", notNeeded("Tyr encrypts by itself where a room is encrypted, with keys of its own")],
  ["database", notNeeded("Tyr keeps its own data, in ./data unless dataPath says otherwise")],
  ["synapse_db", missing("what to redact was looked up in Synapse's database; Tyr asks its API")],
  ["logging", notNeeded("Tyr writes its log to the standard output")],
]);
