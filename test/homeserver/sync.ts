/** GET /sync: waits for news like Synapse, then puts the rooms together. */
import type { Call } from "./call.ts";
import { type DeviceLists, deviceLists } from "./device-lists.ts";
import { syncFilter, type SyncFilter } from "./filter.ts";
import { invitedRoom, knockedRoom, joinedRoom, leftRoom } from "./sync-rooms.ts";
import type { Skips } from "./sync-script.ts";
import type { Receipt, Room } from "./room.ts";
import { positionOf, syncToken, toDevicePositionOf } from "./tokens.ts";
import type { AccountData } from "./world.ts";

export interface SyncRequest {
  readonly call: Call;
  readonly filter: SyncFilter;
  /** undefined: an initial sync. */
  readonly since: number | undefined;
  /** How far the device has the messages to it. */
  readonly toDeviceSince: number;
  readonly upTo: number;
  readonly isFullState: boolean;
  /** Rooms whose timeline is cut to its newest event in this answer. */
  readonly skips: Skips;
  /** The key `state_after` is served under; undefined when not asked for. */
  readonly stateAfterKey: string | undefined;
}

export async function sync(call: Call): Promise<unknown> {
  const { world, query } = call;
  const asked = query["since"] === undefined ? undefined : positionOf(query["since"]);
  const since = call.syncScript.sinceFor(call.user.id, asked);
  const toDeviceSince = query["since"] === undefined ? -1 : toDevicePositionOf(query["since"]);
  // Whoever asks with a token has what came with it.
  call.device?.inbox.acknowledge(toDeviceSince, () => world.nextPosition());
  const filter = syncFilter(call.user, query["filter"]);
  const isFullState = query["full_state"] === "true";
  const { shortestPollMs } = call.settings.manners;
  const deadline = world.clock.now() + Math.max(shortestPollMs, Number(query["timeout"] ?? 0));
  const stateAfterKey = stateAfterKeyOf(call);

  for (;;) {
    await call.load.sync(since === undefined ? 0 : world.roomsOf(call.user.id).size);
    const upTo = world.position;
    const skips = call.syncScript.skips;
    const answer = build({ call, filter, since, toDeviceSince, upTo, isFullState, stateAfterKey, skips });
    const waitMs = deadline - world.clock.now();
    if (since === undefined || isFullState || answer !== undefined || waitMs <= 0) {
      if (since !== undefined && answer !== undefined) call.syncScript.answered();
      return answer ?? { next_batch: syncToken(upTo), ...keyCounts(call) };
    }
    await world.changes.poll(call.user.id, waitMs, call.signal);
    call.signal?.throwIfAborted();
  }
}

function stateAfterKeyOf(call: Call): string | undefined {
  if (!call.settings.supportsStateAfter) return undefined;
  if (call.query["use_state_after"] === "true") return "state_after";
  const unstable = "org.matrix.msc4222";
  return call.query[`${unstable}.use_state_after`] === "true" ? `${unstable}.state_after` : undefined;
}

/** undefined when there is nothing to tell. */
function build(request: SyncRequest): unknown {
  const { call, filter, since, upTo } = request;
  const rooms: Record<string, Record<string, unknown>> = { join: {}, invite: {}, knock: {}, leave: {} };
  let news = 0;
  const put = (group: string, roomId: string, entry: unknown): void => {
    if (entry === undefined) return;
    (rooms[group] ??= {})[roomId] = entry;
    news += 1;
  };
  for (const room of call.world.roomsOf(call.user.id)) {
    const accountData = roomAccountData(request, room.id);
    const receipts = receiptsOf(request, room);
    const isQuiet = accountData.length + receipts.length === 0;
    if (since !== undefined && room.lastPosition <= since && isQuiet) {
      if (!request.isFullState) continue;
    }
    if (!filter.includesRoom(room.id)) continue;
    switch (room.membership(call.user.id)) {
      case "join":
        put("join", room.id, joinedRoom(request, room, { accountData, receipts }));
        break;
      case "invite":
        put("invite", room.id, invitedRoom(request, room));
        break;
      case "knock":
        put("knock", room.id, knockedRoom(request, room));
        break;
      default:
        put("leave", room.id, leftRoom(request, room));
    }
  }
  const accountData = globalAccountData(request);
  const { messages, end } = call.device?.inbox.read(request.toDeviceSince, upTo) ?? {
    messages: [],
    end: upTo,
  };
  const lists = changedDevices(request);
  news += accountData.length + messages.length + lists.changed.length + lists.left.length;
  if (since !== undefined && news === 0) return undefined;
  return {
    next_batch: syncToken(upTo, end),
    rooms: Object.fromEntries(Object.entries(rooms).filter(([, group]) => Object.keys(group).length > 0)),
    ...(messages.length > 0 ? { to_device: { events: messages } } : {}),
    ...(lists.changed.length + lists.left.length > 0 ? { device_lists: lists } : {}),
    ...keyCounts(call),
    ...(accountData.length > 0 ? { account_data: { events: accountData } } : {}),
  };
}

/** In every answer to a device, also where it is told nothing else. */
function keyCounts({ device }: Call): object {
  if (device === undefined) return {};
  return {
    device_one_time_keys_count: device.oneTimeKeyCounts,
    device_unused_fallback_key_types: device.unusedFallbackKeyTypes,
  };
}

/** Told to devices that encrypt: nobody else reads it, and in large rooms it is long. */
function changedDevices({ call, since, upTo }: SyncRequest): DeviceLists {
  if (since === undefined || call.device?.keys === undefined) return { changed: [], left: [] };
  return deviceLists(call.world, call.user, { since, upTo });
}

function receiptsOf({ filter, since }: SyncRequest, room: Room): readonly Receipt[] {
  return filter.includesReceipts(room.id)
    ? room.receipts.filter(({ position }) => position > (since ?? -1))
    : [];
}

function globalAccountData(request: SyncRequest): readonly unknown[] {
  return freshAccountData(request, undefined, request.filter.accountData.passes);
}

function roomAccountData(request: SyncRequest, roomId: string): readonly unknown[] {
  return freshAccountData(request, roomId, request.filter.roomAccountData.passes);
}

function freshAccountData(
  request: SyncRequest,
  roomId: string | undefined,
  passes: (event: { type: string; sender: string }) => boolean,
): readonly unknown[] {
  const { user } = request.call;
  const isFresh = (data: AccountData): boolean =>
    data.roomId === roomId && data.position > (request.since ?? -1);
  return [...user.accountData.values()]
    .filter((data) => isFresh(data) && passes({ type: data.type, sender: user.id }))
    .map(({ type, content }) => ({ type, content }));
}
