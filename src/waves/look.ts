/** What one event tells of its author: its traits are added to the account, and to the cluster that it is in. */
import { minuteMs } from "../kit/duration.ts";
import { sketchOf } from "../kit/sketch.ts";
import { stableId } from "../kit/hash.ts";
import { nameIn } from "../model/event.ts";
import { carriedBy } from "../model/facts/carried.ts";
import { saidIn } from "../model/facts/said.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import { messagesOfMember } from "../model/waves.ts";
import type { Account, TraitSeen } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { Cluster } from "./cluster.ts";
import type { Good } from "./good.ts";
import { noBurst, type Burst } from "./joins.ts";
import { delayStepOf } from "./traits.ts";
import type { Usual } from "./usual.ts";

/** What came so much later than it was sent, or after so long a silence, tells no delay. */
const heldUpMs = minuteMs;
/** That an account posts links at all says something only of its first messages. */
const firstMessages = 5;
/** Texts kept of an account, the newest. */
const mostTexts = 2;
/** Rooms remembered of one; more are not told apart by their order. */
const mostRooms = 64;

export interface Looking {
  readonly accounts: Accounts;
  readonly usual: Usual;
  readonly good: Good;
  readonly clusterOf: (account: Account) => Cluster | undefined;
}

/** `isHome`: its server is one of our own people's. `isExpected`: somebody said that it would come. */
export interface Coming {
  /** Told once it is known whether its server is new. */
  readonly burst: (isServerNew: boolean) => Burst;
  readonly isHome: boolean;
  readonly isExpected: boolean;
}

/** What an account is before it has done anything. */
export function lookAtComing(account: Account, coming: Coming, looking: Looking): void {
  const { usual, accounts } = looking;
  const give = (seen: TraitSeen) => accounts.give(account, seen);
  const { server, firstAt } = account;
  if (!coming.isHome && !coming.isExpected) {
    give({ class: "server", key: `server:${server}`, shown: `accounts of ${server}` });
    account.isServerNew = usual.isUnseen(server);
    if (account.isServerNew)
      give({ class: "server", key: "server-new", shown: "servers from which nobody came before" });
  }
  for (const form of usual.namesOf(account.user, firstAt)) give({ class: "name", ...form });
  const { isBurst, isOfStrangers } = coming.isExpected ? noBurst : coming.burst(account.isServerNew);
  if (isOfStrangers)
    give({ class: "server", key: "server-burst", shown: "many of servers from which nobody came before" });
  account.isOfBurst = isBurst;
  if (isBurst) give({ class: "burst", key: "burst", shown: "that many came within a minute" });
}

export function lookAt(account: Account, sighting: EventSighting, looking: Looking): void {
  const { kind, room, event } = sighting;
  if (kind !== "knock" && account.rooms.length < mostRooms && !account.rooms.includes(room))
    account.rooms = account.rooms.concat(room);
  if (kind === "message") return lookAtMessage(account, sighting, looking);
  const { avatar } = nameIn(event.content);
  if (avatar !== undefined)
    add(account, { class: "avatar", key: `avatar:${stableId(avatar)}`, shown: "the same picture" }, looking);
}

function lookAtMessage(account: Account, sighting: EventSighting, looking: Looking): void {
  const { room, event, at } = sighting;
  account.messages = account.messages.slice(1 - messagesOfMember).concat({ room, event: event.eventId });
  if (account.spokeAt === undefined) spokeFirst(account, sighting, looking);
  account.said++;
  const said = saidIn(event);
  if (said.isUnreadable) {
    account.isUnreadable = true;
    return;
  }
  for (const carried of carriedBy(sighting)) {
    if (carried.class === "mask") account.isMasked = true;
    if (carried.class !== "kind" || account.said <= firstMessages) add(account, carried, looking);
  }
  const text = sketchOf(said.folded.text);
  if (text && !looking.good.isGoodText(text, at)) {
    account.texts = account.texts.slice(1 - mostTexts).concat(text);
    looking.clusterOf(account)?.wrote(account);
  }
}

function spokeFirst(account: Account, sighting: EventSighting, looking: Looking): void {
  account.spokeAt = sighting.at;
  const cluster = looking.clusterOf(account);
  cluster?.spokeFirst();
  const delayMs = delayOf(sighting);
  if (delayMs === undefined) return;
  account.delayMs = delayMs;
  account.delayStep = delayStepOf(delayMs);
  cluster?.delayKnown(account.delayStep);
}

/** Unknown where events of the room, or of that server, come late. */
function delayOf({ world, room, user, at, late, event: { sentAt } }: EventSighting): number | undefined {
  const isLate =
    late || world.heldUpMs(room, { at, late }) > heldUpMs || (sentAt > 0 && at - sentAt > heldUpMs);
  if (isLate || (world.pace.lagMs(room, at) ?? 0) > heldUpMs) return undefined;
  return world.stored.arrivals.get(room, user)?.delayMs;
}

function add(account: Account, seen: TraitSeen, { accounts, clusterOf }: Looking): void {
  const given = accounts.give(account, seen);
  if (!given) return;
  const cluster = clusterOf(account);
  if (given.replaced) cluster?.hasNoMore(given.replaced);
  cluster?.hasNow(given.trait);
}
