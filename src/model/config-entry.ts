/** A setting of the config as it is in force, in plain data, to be shown to people. */
export interface SettingInForce {
  /** "limits.rules" */
  readonly path: string;
  /** As it would stand in the file; a secret is never shown. Undefined where nothing is set. */
  readonly value: string | undefined;
  readonly default: string | undefined;
  readonly unit: string | undefined;
  readonly meaning: string;
  /** "a whole number from 1 to 10", where that says more than the value. */
  readonly expected: string | undefined;
  /** Where the value comes from: "tyr.yaml:12", "TYR_LOG_LEVEL", "--log.level"; undefined where it is the default. */
  readonly source: string | undefined;
  /** It was given and differs from the default. */
  readonly isChanged: boolean;
  readonly environmentVariable: string;
}
