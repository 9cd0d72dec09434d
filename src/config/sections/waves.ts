/** What is done about waves of spam accounts. */
import { waveActs } from "../../model/waves.ts";
import { choice, section } from "../kinds.ts";

export const waves = section("Waves: many accounts that come or speak together to spam.", {
  act: choice(
    waveActs,
    "contain",
    "What Tyr does by itself about a wave that is proven to do harm. `off`: nothing. `ask`: it asks first. `contain`: it cuts the wave off in a way that is taken back to the letter, and asks before anybody is banned. `all`: it also bans those who spoke and removes what they wrote.",
  ),
});
