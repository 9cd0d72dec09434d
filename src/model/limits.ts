/**
 * Bounds on what rooms, lists and people outside can make us hold or do: the config's section `limits`, where each has
 * its reason. Other sections hold the bounds of one part alone (`history`, `redaction`, `executor`).
 */
export interface Limits extends GlobLimits {
  readonly lists: number;
  readonly rulesPerList: number;
  readonly rules: number;
  readonly reasonLength: number;
  readonly malformedRemembered: number;
  readonly rooms: number;
  readonly spaces: number;
  readonly roomsOfSpaces: number;
  readonly statePerRoom: number;
  readonly questionsRemembered: number;
  readonly answersRemembered: number;
  readonly mutesRemembered: number;
  readonly offencesRemembered: number;
  readonly commandLength: number;
  readonly aliasesPerCommand: number;
  readonly commandsRemembered: number;
  readonly promptsRemembered: number;
  readonly subjectsRemembered: number;
  readonly refusalsRemembered: number;
  readonly setbacksRemembered: number;
  readonly ownEventsRemembered: number;
  readonly ownBansRemembered: number;
  readonly pastActs: number;
  readonly pastGlobs: number;
  readonly unwrittenEntries: number;
  readonly exportKilobytes: number;
}

/** What one text may cost that is compared with all globs. */
export interface GlobLimits {
  readonly vagueGlobs: number;
  readonly globsPerGram: number;
}
