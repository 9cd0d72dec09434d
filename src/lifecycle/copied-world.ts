/**
 * A copy of the world for a rehearsal: some rooms with their people, what is known of those, and the settings. Without what
 * waits, what is under way, and all lists, which have no part in it.
 */
import type { Clock } from "../kit/clock.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { Row } from "../model/world/changes.ts";
import type { WorldLimits } from "../model/world/limits.ts";
import { World } from "../model/world/world.ts";
import type { Settings } from "../model/settings/settings.ts";
import { noSettings } from "../model/settings/settings.ts";

export interface CopyOptions {
  readonly self: UserId;
  readonly limits: WorldLimits;
  /** Everything that is believed, as it is stored. */
  readonly rows: Iterable<Row>;
  readonly rooms: readonly RoomId[];
  /** Questions of the copy have numbers above it. */
  readonly numbersAfter: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** So that a million rows do not hold up everything else for seconds. */
const rowsInOneGo = 5_000;

/** What is about something that goes on: it goes on in the real world alone. */
const leftOut = new Set([
  "question",
  "prompt",
  "wave",
  "wave-member",
  "containment",
  "room-mode",
  "hold",
  "mute",
  "staff-alarm",
  "staff-act",
  "policy-place",
]);

export async function copiedWorld(options: CopyOptions): Promise<World> {
  const { self, limits, rows, clock, signal } = options;
  const world = new World(self, limits);
  let copiedRooms: ReadonlySet<RoomId> = new Set();
  let read = 0;
  for (const row of rows) {
    if (signal.aborted) break;
    if (row.kind === "settings") {
      const settings = settingsOf(row.settings, options.rooms);
      const { managementRoom } = settings;
      copiedRooms = new Set([...options.rooms, ...(managementRoom === undefined ? [] : [managementRoom])]);
      world.restore({ kind: "settings", settings });
    } else if (row.kind === "item" ? !leftOut.has(row.collection) : copiedRooms.has(row.room))
      world.restore(row);
    if (++read % rowsInOneGo === 0) await clock.sleep(0, signal);
  }
  world.restore(lastQuestion(options.numbersAfter));
  return world;
}

function settingsOf(settings: Settings, rooms: readonly RoomId[]): Settings {
  return {
    ...noSettings,
    managementRoom: settings.managementRoom,
    exemptions: settings.exemptions,
    protections: settings.protections,
    profile: settings.profile,
    rules: settings.rules,
    ruleLists: settings.ruleLists,
    excused: settings.excused,
    bridges: settings.bridges,
    duty: settings.duty,
    offDuty: settings.offDuty,
    expectedCrowds: settings.expectedCrowds,
    understood: settings.understood,
    rooms: new Map(rooms.map((room) => [room, { room, via: [], space: undefined }])),
  };
}

/** An answered one, about nothing: the next one gets the number after it. */
function lastQuestion(id: number): Row {
  const item = {
    id,
    about: { kind: "rooms", rooms: [] },
    say: { text: "", html: "" },
    askedAt: 0,
    expiresAt: 0,
    message: undefined,
    told: 0,
    answer: { yes: false, by: undefined, at: 0 },
  } as const;
  return { kind: "item", collection: "question", key: String(id), item };
}
