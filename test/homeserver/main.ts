/**
 * The scripted homeserver as its own process: `node main.ts '{"port":0,"writeLatencyMs":20}'`.
 * Prints one JSON line with its url when ready; `POST /_script/<method>` takes a JSON array of
 * arguments and calls that method of Homeserver, `POST /_script/devices.<method>` one of its devices.
 */
import { realClock } from "./clock.ts";
import { Homeserver, type HomeserverOptions } from "./homeserver.ts";
import { type Interceptor, reply, serveHttp } from "./http.ts";
import { isObject } from "./json.ts";
import { type NewRule, ruleFromTemplate } from "./rules.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as Partial<HomeserverOptions> & {
  port?: number;
};
const homeserver = new Homeserver({ ...options, clock: realClock });
const prefix = "/_script/";

const intercept: Interceptor = async (request, response) => {
  if (!request.path.startsWith(prefix)) return false;
  const name = request.path.slice(prefix.length);
  try {
    const result = await script(name, Array.isArray(request.body) ? request.body : []);
    reply(response, 200, {}, { result });
  } catch (error) {
    reply(response, 400, {}, { error: error instanceof Error ? error.message : String(error) });
  }
  return true;
};

const server = await serveHttp(homeserver, { port: options.port ?? 0, intercept });
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
// The parent holds our stdin; when it dies we follow.
process.stdin.resume().once("end", () => process.exit(0));

async function script(name: string, args: readonly unknown[]): Promise<unknown> {
  if (name === "batch") return batch(args);
  const given = name === "addRules" ? withMaker(args) : args;
  const isOfDevices = name.startsWith("devices.");
  const target = isOfDevices ? homeserver.devices : homeserver;
  const member: unknown = Reflect.get(target, isOfDevices ? name.slice("devices.".length) : name);
  if (typeof member !== "function") {
    if (member === undefined) throw new Error(`${name}: no such scripting call`);
    return member;
  }
  return Reflect.apply(member, target, given) as unknown;
}

/** Many calls `[name, ...args]` in one request and as one change. */
function batch(calls: readonly unknown[]): unknown {
  return homeserver.inOneGo(() =>
    calls.map((call) => {
      const [name, ...args] = call as [string, ...unknown[]];
      return Reflect.apply(Reflect.get(homeserver, name) as () => unknown, homeserver, args);
    }),
  );
}

/** Functions do not travel: the fourth argument is a template with `{i}` for the index. */
function withMaker(args: readonly unknown[]): readonly unknown[] {
  const [roomId, sender, count, template] = args;
  if (!isObject(template)) return [roomId, sender, count];
  return [roomId, sender, count, ruleFromTemplate(template as unknown as NewRule)];
}
