/** Tells in a nanosecond or two that a number is certainly absent, so that a Map need not be asked. */

export class CountingFilter {
  readonly #shift: number;
  readonly #bits: Int32Array;
  /** How many numbers share each slot: the bit goes with the last of them. A full counter is never counted down again. */
  readonly #sharing: Uint8Array;

  /** There are 2 to the power of `slotBits` slots. With 20 slots a number, one absent number in 20 seems present. */
  constructor(slotBits: number) {
    this.#shift = 32 - slotBits;
    this.#bits = new Int32Array(2 ** slotBits / 32);
    this.#sharing = new Uint8Array(2 ** slotBits);
  }

  /** May say true of an absent number, never false of a present one. */
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

  /** Once for each time the number was added. */
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
