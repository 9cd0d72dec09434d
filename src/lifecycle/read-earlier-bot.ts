/** Reads at the first start what an earlier bot left, in the account's data and in the management room's state. */
import { code, say } from "../kit/say.ts";
import { path, RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import { quoted } from "../model/quoted.ts";
import { accountKeys } from "../takeover/account-data.ts";
import type { Takeover, TakeoverOptions } from "../takeover/earlier-bot.ts";
import { readTakeover } from "../takeover/read-all.ts";

/** The account data of earlier bots, by type. Rejects where the homeserver does not answer. */
export async function readAccountData(
  transport: Transport,
  self: UserId,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, unknown>> {
  const found = await Promise.all(
    Object.values(accountKeys).map(async (type) => {
      const content = await readOne(transport, { self, type, signal });
      return content === undefined ? [] : [[type, content] as const];
    }),
  );
  return new Map(found.flat());
}

/** The account data of this type; undefined where there is none. */
export async function readOne(
  transport: Transport,
  { self, type, signal }: { self: UserId; type: string; signal: AbortSignal },
): Promise<unknown> {
  try {
    return await new RestClient(transport, { self, signal }).getAccountData<unknown>(type);
  } catch (error) {
    if (error instanceof MatrixFault && error.status === 404) return undefined;
    throw error;
  }
}

/** Reads the whole state of the management room, as sync leaves out the state types of other bots. */
export async function findTakeover(
  accountData: ReadonlyMap<string, unknown>,
  {
    transport,
    managementRoom,
    signal,
    ...options
  }: {
    readonly transport: Transport;
    readonly managementRoom: RoomId | undefined;
    readonly signal: AbortSignal;
  } & TakeoverOptions,
): Promise<Takeover> {
  if (managementRoom === undefined) return readTakeover({ accountData, state: [] }, options);
  try {
    const where = path`/_matrix/client/v3/rooms/${managementRoom}/state`;
    const state = await transport.request("GET", where, { signal });
    return readTakeover({ accountData, state }, options);
  } catch (error) {
    if (!(error instanceof MatrixFault) || error.isPassing || error.isUnknownToken) throw error;
    const found = readTakeover({ accountData, state: [] }, options);
    const problem = say`I may not read what other bots keep in the state of ${code(managementRoom)}: ${quoted(error.message, 200)}`;
    return { ...found, notTakenOver: [problem, ...found.notTakenOver] };
  }
}
