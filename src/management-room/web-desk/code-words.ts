/** Codes that are easy to type: two words and a number. They name a browser, and open nothing by themselves. */

/** Short, told apart by ear and by eye, and nothing that anybody could take amiss. */
const words = (
  "acorn amber anvil apple april arrow atlas badge bamboo barley basil beacon birch bishop bottle breeze brook bucket " +
  "butter button cactus camel candle canyon carpet castle cedar cherry chess cider cinder circle clover cobalt comet copper " +
  "coral cotton cradle crayon cricket crystal daisy dragon drum eagle ember engine fabric falcon feather fiddle flute forest " +
  "fossil galaxy garden ginger glacier granite guitar hammer harbor hazel helmet heron hockey honey iris island ivory jacket " +
  "jasmine jungle kayak kettle kiwi ladder lagoon lamp lantern lemon lilac linen lizard locket lotus magnet mango maple marble " +
  "meadow melon mirror mosaic mustard napkin nectar needle nickel oasis olive onion opal orbit orchid otter"
).split(" ");

/** `bytes`: four that nobody can foresee. "cedar-lamp-47". */
export function codeFrom([one = 0, two = 0, three = 0, four = 0]: Uint8Array): string {
  const word = (byte: number) => words[byte % words.length]!;
  return `${word(one)}-${word(two)}-${10 + ((three * 256 + four) % 90)}`;
}
