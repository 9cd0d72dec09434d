/** `tyr takeover --dry-run`: shows what a first start would take over from another bot. Writes nothing. */
import { loadConfig, type LoadInput } from "../config/load.ts";
import { renderProblem } from "../config/explain.ts";
import { loginOf } from "../config/login.ts";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import { asObject } from "../kit/json.ts";
import type { Random } from "../kit/random.ts";
import { code, say, type Say } from "../kit/say.ts";
import { path } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import { resolveAlias } from "../matrix/look-ups.ts";
import { whoAmI } from "../matrix/session.ts";
import { Transport, type Send } from "../matrix/http/transport.ts";
import { parseRoomAlias, parseRoomId, type RoomId, type UserId } from "../model/ids.ts";
import { quoted } from "../model/quoted.ts";
import { readKept } from "../store/read-one-value.ts";
import { DataUnusable } from "../store/storage-errors.ts";
import { encryptionAdvice } from "./takeover-encryption.ts";
import { findTakeover, readAccountData } from "../lifecycle/read-earlier-bot.ts";
import { accountKeys } from "../takeover/account-data.ts";
import { madeRoom } from "../takeover/draupnir.ts";
import { spaceObjection } from "../takeover/objections.ts";
import { takeoverSummary } from "../takeover/summary.ts";
import type { Address } from "../takeover/earlier-bot.ts";

export interface TakeoverSeams {
  readonly input: LoadInput;
  readonly clock: Clock;
  readonly random: Random;
  readonly connect: (config: Config) => { readonly send: Send; readonly close: () => Promise<void> };
}

export type TakeoverEnding =
  | { readonly kind: "done"; readonly text: string }
  /** `because`: a wrong argument or config, a refused access token, or something else that has to be put right. */
  | { readonly kind: "refused"; readonly text: string; readonly because: "asked" | "token" | "other" };

const dryRunFlag = "--dry-run";

export async function takeoverCommand({
  input,
  clock,
  random,
  connect,
}: TakeoverSeams): Promise<TakeoverEnding> {
  if (!input.argv.includes(dryRunFlag))
    return refused(
      "Tyr takes over by itself, at its first start with a data folder. tyr takeover --dry-run --config FILE shows before what that would be; to take over again, start with another data folder.",
      "asked",
    );
  const loaded = loadConfig({ ...input, argv: input.argv.filter((one) => one !== dryRunFlag) });
  if (!loaded.ok) return refused(loaded.problems.map((one) => renderProblem(one)).join("\n"), "asked");
  const { config } = loaded;
  const { send, close } = connect(config);
  try {
    const transport = new Transport({ send, clock, random, limits: { ...config.network, retries: 1 } });
    return await look(config, transport);
  } catch (error) {
    if (error instanceof DataUnusable) return refused(error.message, "other");
    if (!(error instanceof MatrixFault)) throw error;
    if (error.isUnknownToken)
      return refused(`The homeserver does not accept the access token (${error.message}).`, "token");
    return refused(`${config.homeserver.url} could not be asked: ${error.message}`, "other");
  } finally {
    await close();
  }
}

async function look(config: Config, transport: Transport): Promise<TakeoverEnding> {
  const login = loginOf(config);
  transport.accessToken =
    login.kind === "token" ? login.accessToken : readKept(config.dataPath, "accessToken");
  if (transport.accessToken === undefined)
    return refused(
      `A dry run does not log in by password, as every login leaves a device behind, and ${config.dataPath} holds no token yet. Give homeserver.accessTokenFile instead.`,
      "other",
    );
  const preview = new TakeoverPreview(config, transport, new AbortController().signal);
  const text = await preview.summary();
  // A start keeps this name in the database once its first run has looked for an earlier bot.
  const hasStarted = readKept(config.dataPath, "settled") !== undefined;
  const head = hasStarted
    ? `Tyr has started with the data folder ${config.dataPath} before, so a start takes nothing over any more. With a new one it would say:`
    : "A first start would say this. Nothing was changed.";
  return { kind: "done", text: `${head}\n\n${text}` };
}

class TakeoverPreview {
  readonly #config: Config;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  readonly #notTakenOver: Say[] = [];

  constructor(config: Config, transport: Transport, signal: AbortSignal) {
    this.#config = config;
    this.#transport = transport;
    this.#signal = signal;
  }

  async summary(): Promise<string> {
    const [transport, signal] = [this.#transport, this.#signal];
    const self = await this.#whoami();
    const accountData = await readAccountData(transport, self, signal);
    const managementRoom = await this.#managementRoom(madeRoom(accountData.get(accountKeys.madeRoom)));
    const earlier = await findTakeover(accountData, {
      transport,
      managementRoom,
      signal,
      writesAcls: this.#config.acl.enabled,
      prefix: this.#config.commands.prefixes[0]!,
    });
    const rooms = await Promise.all(earlier.rooms.map((room) => this.#room(room)));
    const lists = await Promise.all(earlier.lists.map((list) => this.#named(list)));
    const summary = takeoverSummary(earlier, {
      rooms: rooms.filter((one) => one !== undefined),
      lists: lists.filter((one) => one !== undefined),
      defaultList: earlier.defaultList === undefined ? undefined : say`list ${code(earlier.defaultList)}`,
      notTakenOver: this.#notTakenOver,
    });
    const encryption = await encryptionAdvice({
      config: this.#config,
      transport,
      self,
      room: managementRoom,
    });
    const nothing = `Nothing of a Mjolnir, Draupnir or Meowlnir: neither in the account data of ${self} nor in the management room's state.`;
    const isNothing = earlier.bots.length === 0 && earlier.isOurs !== true;
    return [isNothing ? nothing : undefined, summary?.text, ...encryption].filter(Boolean).join("\n");
  }

  async #whoami(): Promise<UserId> {
    const self = await whoAmI(this.#transport, { signal: this.#signal });
    if (!self)
      throw new MatrixFault(200, "NO_USER", "it does not say who we are: is it a Matrix homeserver?");
    return self;
  }

  async #managementRoom(made: RoomId | undefined): Promise<RoomId | undefined> {
    const wanted = this.#config.managementRoom;
    const alias = parseRoomAlias(wanted);
    return alias ? this.#resolved({ id: alias, via: [] }) : (parseRoomId(wanted) ?? made);
  }

  /** The room's id; undefined where it leads nowhere or is a space, which is noted. */
  async #room(address: Address): Promise<Say | undefined> {
    const room = await this.#resolved(address);
    if (!room) return undefined;
    try {
      const create = await this.#get(path`/_matrix/client/v3/rooms/${room}/state/m.room.create`);
      if (asObject(create)?.["type"] !== "m.space") return code(room);
      this.#notTakenOver.push(spaceObjection(room, this.#config.commands.prefixes[0]!));
      return undefined;
    } catch (error) {
      if (!(error instanceof MatrixFault) || error.isPassing || error.isUnknownToken) throw error;
      return say`${code(room)}: I am not in it, and would try to join`;
    }
  }

  async #named(address: Address): Promise<Say | undefined> {
    const room = await this.#resolved(address);
    return room && code(room);
  }

  async #resolved({ id }: Address): Promise<RoomId | undefined> {
    const alias = parseRoomAlias(id);
    if (!alias) return parseRoomId(id);
    const answer = await resolveAlias(this.#transport, alias);
    if ("room" in answer) return answer.room;
    this.#notTakenOver.push(say`${code(alias)} leads nowhere: ${quoted(answer.problem, 200)}`);
    return undefined;
  }

  #get(where: string): Promise<unknown> {
    return this.#transport.request("GET", where, { signal: this.#signal });
  }
}

function refused(
  text: string,
  because: Extract<TakeoverEnding, { kind: "refused" }>["because"],
): TakeoverEnding {
  return { kind: "refused", text, because };
}
