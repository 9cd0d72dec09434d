/** A mistake in a config as plain data, and the places where values come from. How both are worded is in explain.ts. */

export type Source =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "flag"; readonly name: string }
  /** The content of the file that `accessTokenFile` or `passwordFile` names. */
  | { readonly kind: "secret-file"; readonly file: string };

export interface Problem {
  /** Absent where something is missing, which is nowhere. */
  readonly source?: Source | undefined;
  /** "homeserver.url"; empty where no single option is concerned. */
  readonly path: string;
  readonly cause: string;
  readonly hint?: string | undefined;
  /** The option that was probably meant: nothing further is said about it. */
  readonly meant?: string | undefined;
}
