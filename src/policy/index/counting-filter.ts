/** Says "certainly absent" about a number in a nanosecond or two, so that maps are asked only where it may pay. */

export class CountingFilter {
  readonly #shift: number;
  readonly #bits: Int32Array;
  /** How many numbers share a slot: when the last is gone, so is the bit. A full counter stays for good. */
  readonly #sharing: Uint8Array;

  /** Of 2 to the power of `slotBits` slots; twenty times as many as numbers make one `true` in twenty a wrong one. */
  constructor(slotBits: number) {
    this.#shift = 32 - slotBits;
    this.#bits = new Int32Array(2 ** slotBits / 32);
    this.#sharing = new Uint8Array(2 ** slotBits);
  }

  /** May err towards `true`. */
  has(number: number): boolean {
    const slot = this.#slotOf(number);
    return ((this.#bits[slot >>> 5]! >>> (slot & 31)) & 1) !== 0;
  }

  add(number: number): void {
    const slot = this.#slotOf(number);
    const sharing = this.#sharing[slot]!;
    if (sharing === 0) this.#bits[slot >>> 5]! |= 1 << (slot & 31);
    if (sharing < fullCounter) this.#sharing[slot] = sharing + 1;
  }

  /** Once for each `add` of the number. */
  remove(number: number): void {
    const slot = this.#slotOf(number);
    const sharing = this.#sharing[slot]!;
    if (sharing < fullCounter) this.#sharing[slot] = sharing - 1;
    if (sharing === 1) this.#bits[slot >>> 5]! &= ~(1 << (slot & 31));
  }

  #slotOf(number: number): number {
    return Math.imul(number, 0x9e3779b1) >>> this.#shift;
  }
}

const fullCounter = 0xff;
