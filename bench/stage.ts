// A real Synapse with two communities of the same shape: one that Tyr protects, and one for the bare loop.

import { type Scene, setScene, unasked } from "../test/support/synapse/scene.ts";
import { startSynapse } from "../test/support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../test/support/tyr-process.ts";
import { hasSetting, measuredRoot } from "./measured.ts";
import { Bare, quiet, seenSince } from "./support.ts";

export interface Stage {
  readonly scene: Scene;
  readonly tyr: TyrProcess;
  /** The moderator of Tyr's community, who writes the rules. */
  readonly moderator: Bare;
  readonly bareScene: Scene;
  /** The account that has Tyr's powers in the other community. */
  readonly bare: Bare;
}

export interface StageOptions {
  readonly rooms: number;
  readonly version?: "11" | "12";
}

export async function withStage(
  { rooms, version = "11" }: StageOptions,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const synapse = await startSynapse({ defaultRoomVersion: version });
  try {
    const [scene, bareScene] = await Promise.all([
      setScene(synapse, { rooms, version }),
      setScene(synapse, { rooms, version }),
    ]);
    const tyr = await startTyr({
      homeserverUrl: synapse.url,
      accessToken: scene.bot.accessToken,
      // What is measured is the work: not the moderators' thinking, nor the pauses after bursts that came before.
      settings: {
        ...scene.settings,
        ...unasked,
        ...(hasSetting("longerPauseMs") ? { acl: { longerPauseMs: 5_000, longestPauseMs: 5_000 } } : {}),
        log: { level: "info" },
      },
      from: "dist",
      root: measuredRoot,
    });
    const moderator = new Bare(synapse.url, scene.moderator.accessToken);
    const bare = new Bare(synapse.url, bareScene.bot.accessToken);
    try {
      await scene.said(/^Tyr is watching/).catch((error: unknown) => {
        throw new Error(`Tyr did not start:\n${tyr.output()}`, { cause: error });
      });
      await quiet(scene.moderator, 500);
      await work({ scene, tyr, moderator, bareScene, bare });
    } catch (error) {
      console.error(`the last of Tyr's log:\n${tyr.output().slice(-2_000)}`);
      throw error;
    } finally {
      if (process.env.BENCH_SHOW_LOG !== undefined) console.error(tyr.output());
      await Promise.all([tyr.stop(), moderator.close(), bare.close()]);
      await tyr.remove();
      scene.close();
      bareScene.close();
    }
  } finally {
    await synapse.stop();
  }
}

/** What the bot wrote since then: state, messages, reactions and edits. */
export function writesOfBot(
  scene: Scene,
  since: number,
): { readonly all: number; readonly messages: number } {
  const own = seenSince(scene.moderator, since).filter(({ event }) => event.sender === scene.bot.userId);
  return { all: own.length, messages: own.filter(({ roomId }) => roomId === scene.managementRoom).length };
}
