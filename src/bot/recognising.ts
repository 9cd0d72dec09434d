/** The step of a batch in which waves are recognised: before rules are asked, as they ask whether somebody belongs to one. */
import { sightingsIn, type SeenBatch } from "../decisions/respond/sightings.ts";
import type { Log } from "../kit/log.ts";
import type { World } from "../model/world/world.ts";
import type { Recogniser } from "../waves/recogniser.ts";

export interface Recognising {
  readonly world: World;
  readonly log: Log;
  /** Undefined: it is switched off. */
  readonly recogniser: Pick<Recogniser, "recognise"> | undefined;
}

/** A recogniser that breaks recognises nothing, and stops nothing else. */
export function recogniseWaves(
  batch: SeenBatch & { readonly at: number },
  { world, log, recogniser }: Recognising,
): void {
  if (!recogniser) return;
  const { seen, at } = batch;
  try {
    for (const believed of recogniser.recognise({ seen, sightings: sightingsIn(batch, world), at }))
      world.apply({ ...believed, at, dueBy: world.dueBy });
  } catch (error) {
    log.error({ err: error }, "recognising waves broke");
  }
}
