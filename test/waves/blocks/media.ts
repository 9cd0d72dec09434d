/** Pictures as events tell of them: address, size, dimensions, and the hash that says how they look blurred. */
import type { JsonObject } from "../../../src/kit/json.ts";
import type { Chance } from "./chance.ts";

const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

export interface Picture {
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly blurhash: string;
}

export function picture(chance: Chance, server: string): Picture {
  return {
    url: address(chance, server),
    name: chance.one([
      "image.png",
      "IMG_2041.jpg",
      "photo.jpg",
      "screenshot.png",
      `${chance.letters(8)}.jpg`,
    ]),
    size: chance.whole(40_000, 3_000_000),
    width: chance.whole(400, 2_400),
    height: chance.whole(300, 2_400),
    // Four components by three.
    blurhash: `L${chance.letters(27, signs)}`,
  };
}

/** Encoded again: another file, another address and size, nearly the same to look at. */
export function encodedAgain(of: Picture, chance: Chance, server: string): Picture {
  const shrink = chance.one([1, 1, 0.99, 0.98]);
  const at = chance.whole(8, of.blurhash.length - 1);
  const moved = signs[(signs.indexOf(of.blurhash[at]!) + 1) % signs.length]!;
  return {
    url: address(chance, server),
    name: `${chance.letters(10)}.jpg`,
    size: Math.round(of.size * chance.between(0.9, 1.1)),
    width: Math.round(of.width * shrink),
    height: Math.round(of.height * shrink),
    blurhash: of.blurhash.slice(0, at) + moved + of.blurhash.slice(at + 1),
  };
}

export function pictureContent({ url, name, size, width, height, blurhash }: Picture): JsonObject {
  return {
    msgtype: "m.image",
    body: name,
    url,
    info: {
      mimetype: name.endsWith("png") ? "image/png" : "image/jpeg",
      size,
      w: width,
      h: height,
      "xyz.amorgan.blurhash": blurhash,
    },
  };
}

export function address(chance: Chance, server: string): string {
  return `mxc://${server}/${chance.letters(24, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")}`;
}
