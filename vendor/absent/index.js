"use strict";

// As soon as matrix-bot-sdk is imported it loads `request` (its old HTTP client), `express` with `morgan` (its
// appservice), `postgres` (a storage) and `sanitize-html` with `html-to-text` (its replies). Tyr uses none of these:
// requests go through src/matrix/transport.ts, text through src/kit/say.ts. Loading them would cost 40 MB of memory and
// 0.2 s of every start, and `request` has been without a maintainer since 2020.
module.exports = function absent() {
  throw new Error(
    "this part of matrix-bot-sdk is not used in Tyr, so the package behind it is not installed",
  );
};
