/**
 * The whole bot in a scene: on the scripted homeserver, with the pace of its writes, events that arrive late and servers
 * that do not enforce server ACLs. What it knows of the community was learned before (past.ts).
 */
import { minuteMs } from "../../src/kit/duration.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Story } from "../support/story.ts";
import { Chance } from "./blocks/chance.ts";
import { ordinary } from "./community.ts";
import { play } from "./corpus.ts";
import { zero } from "./past.ts";
import type { Scene } from "./scene.ts";
import type { Scripted } from "./script.ts";
import type { Watched } from "./trial.ts";
import { Witness, type Seen } from "./witness.ts";

export interface WholeOptions {
  /** An empty folder. */
  readonly dataPath: string;
  /** What Tyr may do by itself. */
  readonly act?: "off" | "ask" | "contain" | "all";
  /** Synapse's default limits on writes, in place of an account that is exempt. */
  readonly isLimited?: boolean;
  /** The share of the servers new to the scene whose events come although an ACL denies them. */
  readonly leaking?: number;
  /** So long it is looked on after the last event: by default until a join rule may be put back. */
  readonly afterMs?: number;
  readonly version?: "11" | "12";
}

/** The scene begins so long after the bot. */
const leadMs = 40 * minuteMs;
const writeMs = 20;
/** An event of another server takes so long to reach ours; half of them less. */
const deliveryMs = 400;

export async function lived(scene: Scene, { of, rows }: Watched, options: WholeOptions): Promise<Seen> {
  const { dataPath, act = "contain", isLimited = false, leaking = 0.05, afterMs = 150 * minuteMs } = options;
  const story = new Story({
    ...{ rooms: 20, dataPath, startsAt: zero, onlyPromises: true },
    ...(options.version ? { version: options.version } : {}),
    homeserver: { writeLatencyMs: writeMs },
    settings: { waves: { act }, protectionProfile: "usual" },
  });
  settle(story, { of, rows });
  await story.start();
  await story.stop();
  remember(dataPath, { of, rows });
  await story.start();
  if (isLimited) story.homeserver.limitWrites({ perSecond: 0.2, burst: 10 });

  const played = play(scene, of);
  const end = played.events.at(-1)!.at + minuteMs;
  const day = ordinary(of, "the day", -leadMs / 2, end);
  const chance = new Chance(of.seed).stream(`delivery ${scene.name}`);
  const witness = new Witness(story, of, played);
  const leaks = leakers(played.accounts, { share: leaking, chance });
  const all = delivered([...day, ...played.events], chance);
  for (const [at, event] of all) {
    const now = story.clock.now();
    if (zero + leadMs + at > now) await story.clock.advance(zero + leadMs + at - now);
    witness.arrives(event, {
      agoMs: at - event.at + event.lateMs,
      isLeaked: leaks.has(event.who),
    });
  }
  await story.clock.advance(afterMs);
  const seen = witness.seen();
  await story.stop();
  return seen;
}

/** Everybody is where they belong, and staff have their levels. */
function settle(story: Story, { of }: Watched): void {
  const { homeserver: hs, rooms } = story;
  hs.inOneGo(() => {
    for (const { id, display, rooms: those } of of.members)
      for (const n of those)
        hs.forceState(rooms[n]!, id, "m.room.member", id, { membership: "join", displayname: display });
    for (const { id } of of.staff)
      hs.forceState(story.managementRoom, id, "m.room.member", id, { membership: "join" });
    for (const room of rooms) {
      const levels = hs.state(room, "m.room.power_levels")!.content;
      const staff = Object.fromEntries(
        [...of.staff, of.bridgeBot, of.newBridgeBot].map(({ id }) => [id, 50]),
      );
      const users = { ...(levels["users"] as Record<string, number>), ...staff };
      hs.setState(room, story.moderator, "m.room.power_levels", "", { ...levels, users });
      // What a room has by hand is there again in the end.
      const acl = { allow: ["*"], deny: ["old-trouble.test"], allow_ip_literals: false };
      hs.setState(room, story.moderator, "m.room.server_acl", "", acl);
    }
  });
}

/** What was learned of people, servers and links; what is of rooms would have to name the rooms of this homeserver. */
function remember(dataPath: string, { rows }: Watched): void {
  const db = openDatabase(dataPath);
  const snapshot = new Snapshot(db);
  db.transaction(() =>
    snapshot.write(
      rows.filter((row) => row.kind === "item" && !row.key.startsWith("!") && row.collection !== "name"),
    ),
  );
  db.close();
}

function leakers(
  accounts: readonly { readonly id: string; readonly server: string }[],
  { share, chance }: { readonly share: number; readonly chance: Chance },
): ReadonlySet<string> {
  const servers = [...new Set(accounts.map(({ server }) => server))].filter(() => chance.hits(share));
  return new Set(accounts.filter(({ server }) => servers.includes(server)).map(({ id }) => id));
}

/** With the time at which each reaches our server: what one person sends comes in order. */
function delivered(
  events: readonly Scripted[],
  chance: Chance,
): readonly (readonly [at: number, event: Scripted])[] {
  const last = new Map<string, number>();
  const sorted = events.toSorted((one, other) => one.at - other.at);
  const coming = sorted.map((event) => {
    const at = Math.max(event.at + chance.logNormal(deliveryMs, 0.8), last.get(event.who) ?? -Infinity);
    last.set(event.who, at);
    return [Math.round(at), event] as const;
  });
  return coming.toSorted(([one], [other]) => one - other);
}
