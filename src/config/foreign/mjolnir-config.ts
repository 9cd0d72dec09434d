/** Mjolnir's and Draupnir's config: Draupnir is a fork of Mjolnir, and most names are the same. */
import { parseRoomAlias, parseRoomId } from "../../model/ids.ts";
import { parseLink, roomLink } from "../../model/links.ts";
import {
  homeserverAddress,
  missing,
  notNeeded,
  type Converted,
  type Unmapped,
  type NewSetting,
} from "./converted.ts";
import type { OldConfig } from "./old-config.ts";

export function isMjolnirConfig(old: OldConfig): boolean {
  return old.has("homeserverUrl") && ["managementRoom", "initialManager"].some((key) => old.has(key));
}

const ownKeys = "Tyr encrypts by itself where a room is encrypted, with keys of its own";

const onlyDraupnirs = [
  ...["initialManager", "experimentalRustCrypto", "logMutedModules", "disableServerACL", "draupnirNewsURL"],
  ...["roomStateBackingStore", "safeMode", "commands.symbolPrefixes", "commands.features", "commands.ban"],
  "protections.newJoinerProtection",
];

export function convertMjolnir(old: OldConfig): Converted {
  const isDraupnir = onlyDraupnirs.some((key) => old.has(key));
  const bot = isDraupnir ? "a Draupnir" : "a Mjolnir";
  const name = isDraupnir ? "draupnir" : "mjolnir";
  const notUnderstood: string[] = [];
  const toDo: string[] = [];
  const settings = [
    ...homeserver(old, toDo),
    ...managementRoom(old),
    ...protectedRooms(old, notUnderstood),
    ...(old.isOn("protectAllJoinedRooms")
      ? [{ path: "protectJoinedRooms", value: true, from: old.where("protectAllJoinedRooms") }]
      : []),
    ...prefixes(old, name),
    ...(old.isOn("disableServerACL")
      ? [{ path: "acl.enabled", value: false, from: old.where("disableServerACL") }]
      : []),
    ...(old.isOn("admin.enableMakeRoomAdminCommand")
      ? [{ path: "admin.makeRoomAdmin", value: true, from: old.where("admin.enableMakeRoomAdminCommand") }]
      : []),
    ...probes(old),
    ...redactReasons(old),
    ...logLevel(old),
  ];
  toDo.push(
    ...listed(old, { path: "protections.wordlist.words", list: "words bad-words", isPart: true }),
    ...listed(old, { path: "protections.newJoinerProtection.serverNames", list: "servers watched-servers" }),
  );
  if (old.isOn("noop"))
    toDo.push(
      `noop is on (${old.where("noop")}), so nothing happened until now. Tyr acts from its first start on: stay with ${bot} until that is what you want.`,
    );
  toDo.push(...encryption(old, bot));
  return { bot, settings, toDo, notUnderstood };
}

export const mjolnirUnmapped: ReadonlyMap<string, Unmapped> = new Map<string, Unmapped>([
  ["rawHomeserverUrl", notNeeded("Tyr speaks to one address only")],
  ["encryption", notNeeded(ownKeys)],
  ["pantalaimon", notNeeded(`${ownKeys}, and speaks to the homeserver itself`)],
  ["experimentalRustCrypto", notNeeded(ownKeys)],
  ["dataPath", notNeeded("the data are others; Tyr's are in ./data unless dataPath says otherwise")],
  [
    "autojoinOnlyIfManager",
    missing("the members of a space could invite the bot; Tyr follows moderators", true),
  ],
  ["acceptInvitesFromSpace", notNeeded("Tyr follows the invitations of moderators")],
  ["recordIgnoredInvites", notNeeded("Tyr tells of strangers' invitations once a day")],
  ["forwardMentionsToManagementRoom", missing("who mentioned the bot was reported")],
  ["verboseLogging", notNeeded("Tyr says one thing for each that happens")],
  ["logMutedModules", notNeeded("log.level is all there is")],
  ["syncOnStartup", notNeeded("Tyr always looks at everything at a start")],
  [
    "verifyPermissionsOnStartup",
    notNeeded("Tyr always looks at everything at a start, and tells what is wrong"),
  ],
  ["fasterMembershipChecks", notNeeded("Tyr knows who is in a room without asking")],
  ["backgroundDelayMS", notNeeded("Tyr finds its pace by what the homeserver bears (section executor)")],
  ["commands.allowNoPrefix", missing("commands needed no prefix")],
  ["commands.confirmWildcardBan", notNeeded("Tyr asks by what a rule would hit (section guard)")],
  ["commands.features", notNeeded("Tyr shows what it can do")],
  ["commands.ban", missing("a ban without a reason was asked for one of these")],
  ["protections.wordlist", notNeeded("the protection words has newcomersOnly and newcomerHours")],
  ["protections.newJoinerProtection", notNeeded("a ban has the name of the protection as its reason")],
  ["roomStateBackingStore", notNeeded("Tyr always keeps what it knows")],
  ["safeMode", notNeeded("a broken room or list never stops Tyr; it names it")],
  ["draupnirNewsURL", notNeeded("Tyr fetches no news")],
  [
    "health.healthz",
    notNeeded("Tyr answers /healthz, and /readyz, with 200 where it is well and 503 where it is not"),
  ],
  ["health.sentry", missing("faults were sent to Sentry")],
  ["health.openMetrics", missing("metrics were offered")],
  ["web.abuseReporting", missing("reports of users came in by a reverse proxy")],
  ["web.synapseHTTPAntispam", notNeeded("the homeserver asks Tyr by a secret of its own: docs/antispam.md")],
  ["web.ruleServer", missing("rules were offered to a module of Synapse")],
  ["web", notNeeded("there is nothing to listen for")],
  ["pollReports", missing("reports of users were fetched from Synapse")],
  ["displayReports", missing("reports of users were shown", true)],
  ["nsfwSensitivity", missing("images were judged, if NsfwProtection was enabled", 0.6)],
  ["MAS", missing("accounts were acted on through the Matrix Authentication Service")],
  ["healthz", notNeeded("it was no option any more")],
]);

/** So many entries are one command, so that its message is not too long. */
const entriesEach = 100;

/** Commands that fill a list. `isPart`: the other bot found its words inside others as well. */
function listed(
  old: OldConfig,
  { path, list, isPart = false }: { path: string; list: string; isPart?: boolean },
): readonly string[] {
  const entries = [...new Set(old.texts(path).map((one) => one.replace(/[,\s*]+/g, " ").trim()))].filter(
    Boolean,
  );
  return Array.from({ length: Math.ceil(entries.length / entriesEach) }, (_, i) => {
    const some = entries.slice(i * entriesEach, (i + 1) * entriesEach);
    const written = some.map((one) => (isPart ? `*${one}*` : one)).join(", ");
    return `After the first start, say in the management room, so that what stood under ${old.where(path)} is looked for: !tyr protections ${list} add ${written}`;
  });
}

/** Keys belong to a login: neither the token of the other bot nor Pantalaimon's gives Tyr any. */
function encryption(old: OldConfig, bot: string): readonly string[] {
  const hasPassword = old.isOn("encryption.use") || old.isOn("pantalaimon.use");
  if (!hasPassword && !old.isOn("experimentalRustCrypto")) return [];
  const login = hasPassword
    ? "It logs in by password for that, as a device of its own."
    : `For that it needs a login of its own: name the account's password (homeserver.user and homeserver.passwordFile) in the place of the token, whose device belongs to ${bot}.`;
  return [
    `If the management room is encrypted, Tyr reads it from its first start on. ${login} If the account has an identity, made in a client such as Element, write its recovery key into a file for Tyr's eyes only and name that as encryption.recoveryKeyFile. Verify the device from which you command. docs/encryption.md has the rest.`,
  ];
}

function homeserver(old: OldConfig, toDo: string[]): readonly NewSetting[] {
  const loginSection = ["pantalaimon", "encryption"].find((section) => old.isOn(`${section}.use`));
  // With Pantalaimon, homeserverUrl is the address of that proxy.
  const usual =
    loginSection === "pantalaimon" && old.has("rawHomeserverUrl") ? "rawHomeserverUrl" : "homeserverUrl";
  old.read("homeserverUrl");
  const address = homeserverAddress(old, usual);
  old.read("accessToken");
  if (loginSection !== undefined) {
    const user = old.text(`${loginSection}.username`);
    old.read(`${loginSection}.password`);
    toDo.push(
      `Write the bot's password into the file tyr-password, for Tyr's eyes only: umask 077; cat > tyr-password. It stood under ${old.where(`${loginSection}.password`)}.`,
    );
    return [
      ...address,
      ...(user === undefined
        ? []
        : [{ path: "homeserver.user", value: user, from: old.where(`${loginSection}.username`) }]),
      {
        path: "homeserver.passwordFile",
        value: "./tyr-password",
        from: old.where(`${loginSection}.password`),
      },
    ];
  }
  const stood = old.has("accessToken") ? ` It stood under ${old.where("accessToken")}.` : "";
  toDo.push(
    `Write the bot's access token into the file tyr-token, for Tyr's eyes only: umask 077; cat > tyr-token.${stood}`,
  );
  return [
    ...address,
    { path: "homeserver.accessTokenFile", value: "./tyr-token", from: old.where("accessToken") },
  ];
}

function managementRoom(old: OldConfig): readonly NewSetting[] {
  return ["managementRoom", "initialManager"].flatMap((path) => {
    const value = old.text(path);
    if (value === undefined) return [];
    const link = parseLink(value);
    return [{ path, value: link?.room ?? link?.alias ?? value, from: old.where(path) }];
  });
}

function protectedRooms(old: OldConfig, notUnderstood: string[]): readonly NewSetting[] {
  const value = old.texts("protectedRooms").flatMap((text) => {
    const link = parseLink(text);
    const found = link?.room ? roomLink(link.room, link.via) : link?.alias;
    const reference = found ?? parseRoomId(text) ?? parseRoomAlias(text);
    if (reference === undefined)
      notUnderstood.push(`an entry of ${old.where("protectedRooms")} is no room's address`);
    return reference ?? [];
  });
  return value.length === 0 ? [] : [{ path: "protectedRooms", value, from: old.where("protectedRooms") }];
}

/** Without `!mjolnir` and `!draupnir`: after a takeover these are understood without a setting. */
function prefixes(old: OldConfig, name: string): readonly NewSetting[] {
  const symbols = old.texts("commands.symbolPrefixes");
  const words = [name, ...old.texts("commands.additionalPrefixes")];
  const all = (symbols.length > 0 ? symbols : ["!"]).flatMap((symbol) => words.map((word) => symbol + word));
  const value = [...new Set(["!tyr", ...all.filter((one) => one !== `!${name}`)])];
  if (value.length === 1) return [];
  return [{ path: "commands.prefixes", value, from: old.where("commands.additionalPrefixes") }];
}

/** Both bots answer on every address unless told otherwise. */
function probes(old: OldConfig): readonly NewSetting[] {
  if (!old.isOn("health.healthz.enabled")) return [];
  const from = old.where("health.healthz.enabled");
  return [
    { path: "web.host", value: old.text("health.healthz.address") ?? "0.0.0.0", from },
    { path: "web.port", value: old.wholeNumber("health.healthz.port") ?? 8080, from },
  ];
}

function redactReasons(old: OldConfig): readonly NewSetting[] {
  const path = "automaticallyRedactForReasons";
  return old.has(path) ? [{ path: "redaction.reasons", value: old.texts(path), from: old.where(path) }] : [];
}

function logLevel(old: OldConfig): readonly NewSetting[] {
  const level = old.text("logLevel")?.toLowerCase();
  const known = level !== undefined && ["trace", "debug", "info", "warn", "error"].includes(level);
  return known && level !== "info" ? [{ path: "log.level", value: level, from: old.where("logLevel") }] : [];
}
