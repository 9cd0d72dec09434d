/** What clients asked for: the newest requests in full, and a count by kind for ever. */

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** For example "PUT state m.room.member" or "GET sync". */
  readonly kind: string;
  readonly userId: string | undefined;
  readonly roomId: string | undefined;
  readonly at: number;
  readonly durationMs: number;
  readonly status: number;
}

const keptRequests = 20_000;

export class RequestLog {
  readonly newest: LoggedRequest[] = [];
  readonly counts: Record<string, number> = {};

  add(request: LoggedRequest): void {
    this.counts[request.kind] = (this.counts[request.kind] ?? 0) + 1;
    this.newest.push(request);
    // Trimmed in halves: shifting one by one would move the whole array at every request.
    if (this.newest.length > 2 * keptRequests) this.newest.splice(0, keptRequests);
  }

  clear(): void {
    this.newest.length = 0;
    for (const kind of Object.keys(this.counts)) delete this.counts[kind];
  }
}
