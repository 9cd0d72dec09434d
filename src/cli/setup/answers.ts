/** What `tyr setup` has to know: taken from flags, asked for where they do not say it, and checked together. */
import { resolve } from "node:path";
import {
  parseRoomAlias,
  parseRoomId,
  parseUserId,
  type RoomAlias,
  type RoomId,
  type UserId,
} from "../../model/ids.ts";
import { loginFlags, type FlagName, type Flags } from "./flags.ts";

/** How `tyr setup` logs in to the bot's account, with the secret as it was read from a file or typed. */
export type LoginMethod =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  | { readonly kind: "token"; readonly accessToken: string }
  /** A new account, by Synapse's `registration_shared_secret`. */
  | { readonly kind: "register"; readonly localpart: string; readonly secret: string };

export interface Answers {
  /** The address of the client API, or a server name, from which the address is discovered. */
  readonly homeserver: string;
  readonly login: LoginMethod;
  /** The person invited to a new management room; undefined where the room exists already. */
  readonly manager: UserId | undefined;
  readonly managementRoom: RoomId | RoomAlias | undefined;
  /** Folder for the config and the secrets. */
  readonly out: string;
  readonly dataPath: string;
  /** Access token of an administrator of the homeserver, used once to lift the rate limits. */
  readonly adminToken: string | undefined;
  /** Recovery key of the identity that the account has. */
  readonly recoveryKey: string | undefined;
  /** Protections that are on from the first start: a profile, none, or ask. */
  readonly profile: string;
  /** A Synapse is to ask before invitations and joins. */
  readonly antispam: boolean;
  readonly force: boolean;
}

/** Asks the person at the terminal. */
export interface Ask {
  readonly line: (question: string) => Promise<string>;
  /** What is typed is not shown. */
  readonly secret: (question: string) => Promise<string>;
}

export type Collected =
  | { readonly ok: true; readonly answers: Answers }
  | { readonly ok: false; readonly problems: readonly string[] };

/** All problems at once. `ask`: asks for what is missing; undefined without a terminal, where each missing flag is a problem. */
export async function collect(
  flags: Flags,
  { ask, readFile }: { ask: Ask | undefined; readFile: (file: string) => string },
): Promise<Collected> {
  const problems = mistakesIn(flags);
  const secrets = new Map<FlagName, string>();
  for (const name of [...loginFlags, "adminTokenFile", "recoveryKeyFile"] as const) {
    const file = flags[name];
    const secret = file === undefined ? undefined : secretIn(file, name, { readFile, problems });
    if (secret !== undefined) secrets.set(name, secret);
  }
  if (ask === undefined) problems.push(...missingFrom(flags));
  if (problems.length > 0) return { ok: false, problems };
  const homeserver = flags.homeserver ?? serverOfUser(flags.user) ?? (await askedServer(ask!));
  const login = await loginFrom(flags, secrets, ask);
  const managementRoom = parseRoomId(flags.managementRoom) ?? parseRoomAlias(flags.managementRoom);
  const manager =
    parseUserId(flags.manager) ?? (managementRoom === undefined ? await askedManager(ask!) : undefined);
  const out = resolve(flags.out ?? ".");
  const isAsked = ask !== undefined && flags.adminTokenFile === undefined && flags.homeserver === undefined;
  const adminToken = secrets.get("adminTokenFile") ?? (isAsked ? await askedAdmin(ask) : undefined);
  return {
    ok: true,
    answers: {
      homeserver,
      login,
      manager,
      managementRoom,
      out,
      dataPath: resolve(flags.dataPath ?? `${out}/data`),
      adminToken,
      recoveryKey: secrets.get("recoveryKeyFile"),
      profile: flags.profile ?? "usual",
      antispam: flags.antispam,
      force: flags.force,
    },
  };
}

const profileWords = ["quiet", "usual", "strict", "none", "ask"];

function mistakesIn(flags: Flags): string[] {
  const problems: string[] = [];
  const expect = (name: FlagName, isGood: (text: string) => boolean, example: string) => {
    const value = flags[name];
    if (value !== undefined && !isGood(value)) problems.push(`--${name}: expected ${example}.`);
  };
  expect("user", isUser, "a user id such as @tyr:example.org");
  expect("manager", (text) => parseUserId(text) !== undefined, "a user id such as @you:example.org");
  expect("managementRoom", isRoom, "a room id (!…) or an alias (#…:server)");
  expect("homeserver", isHomeserver, "an address such as https://matrix.example.org, or a server name");
  expect("profile", (text) => profileWords.includes(text), `one of ${profileWords.join(", ")}`);
  const ways = loginFlags.filter((name) => flags[name] !== undefined);
  if (ways.length > 1) problems.push(`${ways.map((name) => `--${name}`).join(" and ")}: keep one of them.`);
  return problems;
}

/** Flags that are needed where nobody can be asked, each with what it is for. */
function missingFrom(flags: Flags): readonly string[] {
  const hasLogin = loginFlags.some((name) => flags[name] !== undefined);
  const needsUser = flags.accessTokenFile === undefined;
  return [
    ...(flags.homeserver === undefined && serverOfUser(flags.user) === undefined
      ? ["--homeserver: the address or the name of the homeserver."]
      : []),
    ...(needsUser && flags.user === undefined
      ? ["--user: the bot's user id, such as @tyr:example.org."]
      : []),
    ...(hasLogin
      ? []
      : [
          "--passwordFile, --accessTokenFile or --registrationSecretFile: a file with the account's password, its access token, or (to register it) Synapse's registration_shared_secret.",
        ]),
    ...(flags.manager === undefined && flags.managementRoom === undefined
      ? [
          "--manager: your user id, to be invited to a new management room (or --managementRoom, for one that exists).",
        ]
      : []),
  ];
}

async function loginFrom(
  flags: Flags,
  secrets: ReadonlyMap<FlagName, string>,
  ask: Ask | undefined,
): Promise<LoginMethod> {
  const [password, accessToken, secret] = loginFlags.map((name) => secrets.get(name));
  if (accessToken !== undefined) return { kind: "token", accessToken };
  if (password !== undefined) return { kind: "password", user: await user(flags, ask), password };
  if (secret !== undefined)
    return { kind: "register", localpart: localpartOf(await user(flags, ask)), secret };
  const choice = await until(
    ask!,
    "How does Tyr get at its account? 1: with its password, 2: with an access token, 3: register it (Synapse's registration_shared_secret) [1] ",
    (text) => (["", "1", "2", "3"].includes(text) ? text || "1" : undefined),
  );
  if (choice === "2") return { kind: "token", accessToken: await typed(ask!, "Access token: ") };
  const who = await user(flags, ask);
  if (choice === "1")
    return { kind: "password", user: who, password: await typed(ask!, `Password of ${who}: `) };
  return { kind: "register", localpart: localpartOf(who), secret: await typed(ask!, "Shared secret: ") };
}

async function user(flags: Flags, ask: Ask | undefined): Promise<string> {
  return (
    flags.user ??
    until(ask!, "The bot's user id, such as @tyr:example.org: ", (text) => (isUser(text) ? text : undefined))
  );
}

function askedServer(ask: Ask): Promise<string> {
  return until(ask, "Homeserver (its name or its address, such as https://matrix.example.org): ", (text) =>
    isHomeserver(text) ? text : undefined,
  );
}

function askedManager(ask: Ask): Promise<UserId> {
  return until(ask, "Your own user id, to be invited to the management room: ", parseUserId);
}

async function askedAdmin(ask: Ask): Promise<string | undefined> {
  const token = await ask.secret(
    "Without rate limits Tyr is much faster. If you have an access token of the homeserver's administrator, give it to lift them now; it is used once and not kept (Enter: no): ",
  );
  return token.trim() === "" ? undefined : token.trim();
}

/** Asks again until the answer can be read. */
async function until<T>(ask: Ask, question: string, read: (text: string) => T | undefined): Promise<T> {
  for (;;) {
    const value = read((await ask.line(question)).trim());
    if (value !== undefined) return value;
  }
}

async function typed(ask: Ask, question: string): Promise<string> {
  for (;;) {
    const text = (await ask.secret(question)).trim();
    if (text !== "") return text;
  }
}

function secretIn(
  file: string,
  name: FlagName,
  { readFile, problems }: { readFile: (file: string) => string; problems: string[] },
): string | undefined {
  try {
    const secret = readFile(file).replace(/[\r\n]+$/, "");
    if (secret !== "") return secret;
    problems.push(`--${name}: the file is empty. Write the secret into it, on one line.`);
  } catch (error) {
    // The name is not repeated: it may be the secret itself, written in the place of its file's name.
    const code = (error as { code?: unknown }).code;
    problems.push(`--${name}: the file cannot be read (${String(code)}). Name a file that holds the secret.`);
  }
  return undefined;
}

/** A user id, or its localpart alone, which is enough to register. */
function isUser(text: string): boolean {
  return parseUserId(text) !== undefined || /^[a-z0-9._=/+-]+$/.test(text);
}

function isRoom(text: string): boolean {
  return (parseRoomId(text) ?? parseRoomAlias(text)) !== undefined;
}

function isHomeserver(text: string): boolean {
  if (/^https?:\/\//.test(text)) return URL.canParse(text);
  return (
    /^@[^:]+:.+$/.test(text) || /^[a-z0-9.-]+(:\d+)?$/i.test(text) || /^\[[0-9a-f:]+\](:\d+)?$/i.test(text)
  );
}

function localpartOf(text: string): string {
  return text.replace(/^@/, "").replace(/:.*$/, "");
}

function serverOfUser(text: string | undefined): string | undefined {
  return parseUserId(text) === undefined ? undefined : text!.slice(text!.indexOf(":") + 1);
}
