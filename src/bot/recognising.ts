/** The step of a batch in which waves are recognised: before rules are asked, as they ask whether somebody belongs to one. */
import { sightingsIn, type SeenBatch } from "../decisions/respond/sightings.ts";
import type { Log } from "../kit/log.ts";
import type { UserId } from "../model/ids.ts";
import type { Seen } from "../model/observation.ts";
import type { World } from "../model/world/world.ts";
import type { Recogniser } from "../waves/recogniser.ts";

export interface Recognising {
  readonly world: World;
  readonly log: Log;
  /** Undefined: it is switched off. */
  readonly recogniser: Pick<Recogniser, "recognise" | "found"> | undefined;
}

/** A recogniser that breaks recognises nothing, and stops nothing else. */
export function recogniseWaves(
  batch: SeenBatch & { readonly at: number },
  { recogniser, ...view }: Recognising,
): void {
  const { seen, at } = batch;
  believe(at, view, () => recogniser?.recognise({ seen, sightings: sightingsIn(batch, view.world), at }));
}

/** What rules found of members of waves, and left to the wave to answer. */
export function noteFound(
  users: ReadonlySet<UserId>,
  at: number,
  { recogniser, ...view }: Recognising,
): void {
  if (users.size > 0) believe(at, view, () => recogniser?.found(users, at));
}

function believe(
  at: number,
  { world, log }: Omit<Recognising, "recogniser">,
  told: () => readonly Seen[] | undefined,
): void {
  try {
    for (const believed of told() ?? []) world.apply({ ...believed, at, dueBy: world.dueBy });
  } catch (error) {
    log.error({ err: error }, "recognising waves broke");
  }
}
