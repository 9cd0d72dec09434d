/** What facts are read from: the event, where it happened, and what it says, each read when first asked for. */
import { measureText, type TextMeasures } from "../../kit/text-measures.ts";
import type { EventSighting } from "../signals/sighting.ts";
import { mediaOf, saidIn, type Said, type SaidMedia } from "./said.ts";

export class Source {
  readonly sighting: EventSighting;
  readonly said: Said;
  #measures: TextMeasures | undefined;
  #media: { readonly found: SaidMedia | undefined } | undefined;

  constructor(sighting: EventSighting) {
    this.sighting = sighting;
    this.said = saidIn(sighting.event);
  }

  get measures(): TextMeasures {
    return (this.#measures ??= measureText(this.said.raw));
  }

  get media(): SaidMedia | undefined {
    return (this.#media ??= { found: mediaOf(this.said) }).found;
  }
}
