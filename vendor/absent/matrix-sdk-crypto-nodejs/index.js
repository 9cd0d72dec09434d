"use strict";

// Called, or asked for anything that can be called: says what is missing instead of "undefined is not a function".
function absent() {
  throw new Error(
    "matrix-sdk-crypto-nodejs is not installed: Tyr does not use the part of matrix-bot-sdk that needs it",
  );
}

// What a loader looks at (`__esModule`, `default`, symbols) is not there; loading the package must not fail.
const looks = new Set(["__esModule", "default", "then", "prototype"]);

module.exports = new Proxy(absent, {
  get: (target, name) => (typeof name === "symbol" || looks.has(name) ? Reflect.get(target, name) : absent),
});
