/** Which content keys survive a redaction, by event type and room version. */

type Content = Readonly<Record<string, unknown>>;

export function redactedContent(type: string, content: Content, version: number): Content {
  if (type === "m.room.create" && version >= 11) return content;
  const kept: Record<string, unknown> = {};
  for (const key of keptKeys(type, version)) {
    if (key in content) kept[key] = content[key];
  }
  if (type === "m.room.member" && version >= 11) keepSignedThirdPartyInvite(content, kept);
  return kept;
}

const powerKeys = [
  "ban",
  "events",
  "events_default",
  "kick",
  "redact",
  "state_default",
  "users",
  "users_default",
];

function keptKeys(type: string, version: number): readonly string[] {
  switch (type) {
    case "m.room.member":
      return version >= 9 ? ["membership", "join_authorised_via_users_server"] : ["membership"];
    case "m.room.create":
      return ["creator"];
    case "m.room.join_rules":
      return version >= 8 ? ["join_rule", "allow"] : ["join_rule"];
    case "m.room.power_levels":
      return version >= 11 ? [...powerKeys, "invite"] : powerKeys;
    case "m.room.history_visibility":
      return ["history_visibility"];
    case "m.room.aliases":
      return version < 6 ? ["aliases"] : [];
    case "m.room.redaction":
      return version >= 11 ? ["redacts"] : [];
    default:
      return [];
  }
}

function keepSignedThirdPartyInvite(content: Content, kept: Record<string, unknown>): void {
  const invite = content["third_party_invite"];
  if (typeof invite !== "object" || invite === null || !("signed" in invite)) return;
  kept["third_party_invite"] = { signed: invite.signed };
}
