/** May this sender replace the power levels by these? The rules for m.room.power_levels events. */
import type { Content } from "./event.ts";
import { asObject } from "./json.ts";
import { badRequest, forbidden } from "./matrix-error.ts";
import { levelOf, toLevel } from "./power.ts";
import type { Room } from "./room.ts";

const singleLevels = ["users_default", "events_default", "state_default", "ban", "redact", "kick", "invite"];

export function checkPowerChange(room: Room, sender: string, content: Content): void {
  checkShape(room, content);
  const current = room.state("m.room.power_levels", "");
  if (current === undefined) return;
  const own = levelOf(room, sender);
  for (const change of changes(room, current.content, content)) {
    if (change.before === change.after) continue;
    const isOtherUser = change.group === "users" && change.name !== sender;
    if (isOtherUser && change.before !== undefined && change.before >= own) {
      throw forbidden("You don't have permission to remove ops level equal to your own");
    }
    if ((change.before ?? -Infinity) > own || (change.after ?? -Infinity) > own) {
      throw forbidden("You don't have permission to add ops level greater than your own");
    }
  }
}

function checkShape(room: Room, content: Content): void {
  const users = asObject(content["users"]);
  for (const userId of Object.keys(users)) {
    if (room.isCreator(userId)) {
      throw badRequest(`Creator user ${userId} must not appear in content.users`, "M_UNKNOWN");
    }
  }
  if (room.version >= 10) requireIntegers(content);
}

export function requireIntegers(content: Content): void {
  const all = [
    ...singleLevels.map((name) => content[name]),
    ...Object.values(asObject(content["users"])),
    ...Object.values(asObject(content["events"])),
  ];
  for (const value of all) {
    if (value !== undefined && !Number.isSafeInteger(value)) {
      throw badRequest(`${JSON.stringify(value)} must be an integer`);
    }
  }
}

interface LevelChange {
  readonly group: "single" | "users" | "events";
  readonly name: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

function* changes(room: Room, before: Content, after: Content): Generator<LevelChange> {
  for (const name of singleLevels) {
    yield {
      group: "single",
      name,
      before: toLevel(before[name], room.version),
      after: toLevel(after[name], room.version),
    };
  }
  for (const group of ["users", "events"] as const) {
    const old = asObject(before[group]);
    const fresh = asObject(after[group]);
    for (const name of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
      yield {
        group,
        name,
        before: toLevel(old[name], room.version),
        after: toLevel(fresh[name], room.version),
      };
    }
  }
}
