// Rooms in which something is made: what is pasted, announced, asked and computed there.

import { ghost, type RoomHours } from "./room-hours.ts";
import { code, logLines, paragraphs, releases, subjects } from "./texts.ts";

const second = 1_000;
const minute = 60 * second;

/** Code in blocks of all lengths, one-liners, links to issues, typos put right. */
export function developers(room: RoomHours): void {
  const { chance } = room;
  room.talk(70, (at, who) => {
    const said = room.say(at, who, room.oneOf(subjects));
    if (chance() < 0.15) room.edit(at + 20 * second, who, said, room.oneOf(subjects));
    if (chance() < 0.2) room.react(at + 9 * second, room.oneOf(room.everybody), said, "\u{1f44d}");
  });
  const paste = (at: number, who: string, lines: number) => {
    const text = code(lines, chance);
    const formatted_body = `<pre><code class="language-js">${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</code></pre>`;
    const more = { format: "org.matrix.custom.html", formatted_body };
    return room.say(at, who, `\`\`\`js\n${text}\n\`\`\``, more);
  };
  room.talk(12, (at, who) => paste(at, who, Math.ceil(room.between(2, 25))));
  room.spread(4, (at) => paste(at, room.oneOf(room.everybody), Math.ceil(room.between(60, 200))));
  room.spread(8, (at) => {
    const number = Math.floor(room.between(1, 900));
    room.say(at, room.oneOf(room.everybody), `https://github.com/example/app/issues/${number} maybe?`);
  });
  room.spread(10, (at) => room.say(at, room.oneOf(room.everybody), room.oneOf(paragraphs)));
  // Somebody new asks, shows the code, and says where all of it is.
  room.spread(3, (at) => {
    const who = room.newcomer(at);
    room.say(at + 2 * minute, who, room.oneOf(subjects));
    paste(at + 3 * minute, who, 30);
    room.say(at + 4 * minute, who, "all of it: https://github.com/somebody/thing");
    paste(at + 7 * minute, who, 12);
  });
}

/** Logs, tracebacks, configs; most who ask came for that, some with a picture of the screen. */
export function support(room: RoomHours): void {
  const { chance } = room;
  const log = (lines: number) => {
    const start = Math.floor(chance() * (logLines.length - lines));
    return logLines.slice(start, start + lines).join("\n");
  };
  const trace = () => new Error(room.oneOf(subjects)).stack!;
  room.talk(40, (at, who) => room.say(at, who, room.oneOf(paragraphs)));
  room.talk(8, (at, who) => room.say(at, who, log(Math.ceil(room.between(5, 40)))));
  room.spread(9, (at) => {
    const who = room.newcomer(at);
    const first = chance();
    const asked =
      first < 0.3
        ? room.show(at + 90 * second, who, { name: "Screenshot_2025.png" })
        : room.say(at + 40 * second, who, room.oneOf(subjects));
    if (first > 0.97) room.edit(at + 3 * minute, who, asked, "solved by https://answers.example/q/17");
    room.say(at + 4 * minute, who, log(Math.ceil(room.between(20, 90))));
    room.say(at + 5 * minute, who, trace());
    const helper = room.oneOf(room.people.regulars);
    room.reply(at + 8 * minute, helper, asked, room.oneOf(paragraphs));
    room.say(at + 12 * minute, who, "thanks, that was it!!");
  });
  // A banner such as programs print, and a bar between two logs.
  room.spread(5, (at) => {
    const bar = room.oneOf(["=", "-", "#", "*"]).repeat(72);
    room.say(at, room.oneOf(room.everybody), `${bar}\n${log(6)}\n${bar}`);
  });
}

/** Releases, by the one who makes them and by a bot, in several rooms; all may be called. */
export function announcements(room: RoomHours, others: readonly RoomHours[]): void {
  const [maintainer] = room.people.regulars;
  room.spread(4, (at) => {
    const text = room.oneOf(releases);
    const told = room.say(at, maintainer!, text);
    others.slice(0, 5).forEach((other, i) => other.say(at + (i + 1) * 20 * second, maintainer!, text));
    for (let i = 0; i < 40; i++) {
      const who = room.oneOf(room.everybody);
      room.react(at + i * room.between(1, 20) * second, who, told, "\u{1f389}");
    }
  });
  room.spread(1, (at) => {
    const everybody = { "m.mentions": { room: true } };
    room.say(at, room.people.moderator, `@room ${room.oneOf(subjects)}`, everybody);
  });
  room.talk(12, (at, who) => room.say(at, who, room.oneOf(subjects)));
}

/** Bots of a forge, of builds, of feeds: the same sentence again and again, several at once. */
export function bots(room: RoomHours): void {
  const [forge, builds, feeds] = room.people.regulars as [string, string, string];
  const notice = (at: number, who: string, body: string) => room.say(at, who, body, { msgtype: "m.notice" });
  room.spread(60, (at) => {
    notice(
      at,
      forge,
      `[app] somebody pushed 3 commits to main:\n${room.oneOf(subjects)}\n${room.oneOf(subjects)}`,
    );
    for (let i = 0; i < 5; i++) notice(at + 2 * second + i * 1_500, builds, "app: build passed on main");
  });
  room.spread(20, (at) => {
    for (let i = 0; i < 4; i++) {
      const number = Math.floor(room.between(1, 9_000));
      notice(at + i * 700, feeds, `${room.oneOf(subjects)} https://feeds.known.example/post/${number}`);
    }
  });
  room.talk(10, (at, who) => room.say(at, who, "!build status"));
}

/** Formulas in signs and in LaTeX, letters of all the alphabets that mathematics has. */
export function maths(room: RoomHours): void {
  const letter = () => room.oneOf([..."αβγδεζηθλμξπρστφχψωΓΔΘΛΣΦΨΩxyzABCnkij"]);
  const script = () => room.oneOf([..."ℝℂℕℤℚ𝔽𝒜𝓕𝔤𝔥𝕊𝒪ℋℓ"]);
  const sign = () => room.oneOf([..."∈∉⊂⊆∩∪∧∨⇒⇔≤≥≠≈≡→↦∘⊗⊕·"]);
  const marked = () => `${letter()}${room.oneOf(["\u0302", "\u0304", "\u0307", "\u20d7", "\u0303"])}`;
  const formula = () =>
    room.oneOf([
      () => `∀${letter()}>0 ∃${letter()}>0: |${marked()}−${letter()}|<${letter()} ⇒ |f(x)−f(${marked()})|<ε`,
      () => `${letter()}${sign()}${script()}, ${marked()}${sign()}${script()} ${sign()} ker(${letter()}ᵢⱼ)`,
      () =>
        `∑ₖ₌₀^∞ ${letter()}ᵏ/k! = e^${letter()}, ∮_${letter()} ${marked()}·d${marked()} = ∬ ∇×${marked()}`,
      () => `x̂ᵀΣ⁻¹x̂ ${sign()} χ²ₙ, ρ(${letter()},${letter()})=${marked()}`,
      () => `${script()}(${letter()}⁎) ≅ H⁰(X,${script()}_X) ${sign()} ${script()}${script()}${script()}`,
    ])();
  room.talk(60, (at, who) => {
    const text = Array.from({ length: Math.ceil(room.between(1, 4)) }, formula).join("\n");
    const formatted_body = `<span data-mx-maths="\\hat{x}^T \\Sigma^{-1} \\hat{x}">${text}</span>`;
    room.say(at, who, text, { format: "org.matrix.custom.html", formatted_body });
  });
  room.talk(20, (at, who) => room.say(at, who, `${room.oneOf(subjects)} ${formula()}`));
  room.spread(3, (at) => {
    const who = room.newcomer(at);
    for (let i = 1; i < 5; i++) room.say(at + i * minute, who, `${formula()}\n${formula()}`);
  });
}

/** People of IRC, each a ghost that comes with their first word; they leave, and change their names. */
export function bridge(room: RoomHours): void {
  let last: string | undefined;
  room.spread(40, (at) => {
    const { who, name: nick } = ghost(room.chance);
    room.comes(at, who, nick);
    room.say(at + 800, who, room.oneOf(subjects));
    if (last !== undefined) room.say(at + 30 * second, who, `${last}: ${room.oneOf(subjects)}`);
    room.comes(at + 10 * minute, who, `${nick}|away`);
    room.comes(at + 14 * minute, who, nick);
    room.say(at + 15 * minute, who, `\u0001ACTION is back`.replaceAll("\u0001", ""), { msgtype: "m.emote" });
    if (room.chance() < 0.5)
      room.does(at + 18 * minute, (hs) => void hs.leave(room.room, who, "Ping timeout: 264 seconds"));
    last = nick;
  });
  room.talk(30, (at, who) => room.say(at, who, room.oneOf(subjects)));
}
