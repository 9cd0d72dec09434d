/** A mistake in a config, and the place that a value comes from, as plain data. explain.ts words both. */

export type Source =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "flag"; readonly name: string }
  /** The content of the file that `accessTokenFile` or `passwordFile` names. */
  | { readonly kind: "secret-file"; readonly file: string };

export interface Problem {
  /** Absent where an option is missing: it has no place. */
  readonly source?: Source | undefined;
  /** "homeserver.url"; empty where no single option is concerned. */
  readonly path: string;
  readonly cause: string;
  readonly hint?: string | undefined;
  /** The option that was probably meant: that it is missing is not reported in addition. */
  readonly meant?: string | undefined;
}
