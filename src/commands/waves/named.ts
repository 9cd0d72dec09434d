/** Which wave a command means: the number of its incident, its id out of a question, or the newest one. */
import { code, say } from "../../kit/say.ts";
import type { Wave } from "../../model/waves.ts";
import { problem, type CommandContext, type Reply } from "../define.ts";
import { numbered } from "../shared/numbered.ts";

/** Before the id, which may begin with a sign that a flag begins with. */
const idPrefix = "wave-";

export const aboutWave = "the number of its message, or last";

/** The wave, or the reply that says why there is none. */
export function withWave(
  named: string | undefined,
  context: CommandContext,
  reply: (wave: Wave) => Reply,
): Reply {
  const { waves } = context.world.stored;
  if (named === undefined || named.toLowerCase() === "last") {
    const newest = [...waves.all()].at(-1);
    return newest ? reply(newest) : problem(say`I know of no wave.`);
  }
  const wave = named.startsWith(idPrefix)
    ? waves.get(named.slice(idPrefix.length))
    : waveOfNumber(named, context);
  if (wave) return reply(wave);
  return problem(
    say`I know no wave ${code(named)}; ${code(`${context.prefix} waves`)} lists those that I do.`,
  );
}

function waveOfNumber(named: string, context: CommandContext): Wave | undefined {
  const because = numbered(named, context)?.because;
  return because?.kind === "finding" ? context.world.stored.waves.get(because.incident) : undefined;
}
