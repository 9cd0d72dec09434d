/** What people say in the rooms of a project: questions, answers, small talk, greetings; in English and other languages. */
import type { Chance } from "./chance.ts";
import { phrases, type Lexicon } from "./phrase.ts";

const lexicon: Lexicon = {
  thing:
    "the new release,the settings page,our mirror,the installer,that plugin,the kernel module,my graphics card,the audio server,the dark theme,the package manager,the sync client,two-factor login,the search index,the calendar,the file picker,the wayland session,the update,the translation,the icon set,the backup job,the printer,the touchpad,the terminal,the tests,the build server,the container image,the screen reader,the bluetooth headset,the second monitor,the bug tracker,the wiki,the mailing list".split(
      ",",
    ),
  trouble:
    "crashes at start,hangs for a minute,shows a blank window,eats all memory,cannot find the key,says permission denied,loses the settings,flickers,draws the text twice,never finishes,complains about a missing library,forgets the password,is awfully slow,does not wake up after suspend,ignores the shortcut,breaks after the upgrade,prints garbage,refuses the certificate".split(
      ",",
    ),
  fix: "reinstalling it,a clean profile,an older kernel,removing the cache,the nightly build,another cable,turning it off and on,a fresh user,the flag from the wiki,reading the log,switching the driver,disabling the extensions,building it from source,waiting for the next point release".split(
    ",",
  ),
  when: "since yesterday,since the last update,only on battery,every morning,after about ten minutes,from time to time,when I plug it in,with two screens,on my old laptop,over the office network,in the virtual machine,on the train".split(
    ",",
  ),
  person: "my sister,a colleague,our teacher,the maintainer,somebody in the other room,my flatmate".split(
    ",",
  ),
  system:
    "Debian,Fedora,Arch,NixOS,openSUSE,Ubuntu,FreeBSD,Gentoo,Alpine,macOS,Windows,a phone,a tablet,an old netbook".split(
      ",",
    ),
  feeling:
    "odd,annoying,interesting,a pity,great,not what I expected,fine with me,a bit sad,funny,unclear to me,hard to say,good to know".split(
      ",",
    ),
  food: "coffee,tea,soup,pasta,a sandwich,leftover curry,an apple,far too much cake".split(","),
  weather: "rain,snow,fog,a heat wave,wind all night,the first sunny day for weeks".split(","),
  number: "two,three,five,a dozen,forty,about a hundred,thousands of".split(","),
};

const questions = [
  "(does|has) (anybody|anyone) (know|seen) why {thing} {trouble} {when}?",
  "{thing} {trouble} {when}, (what|how) (can I|should I) (try|look at) (next|first)?",
  "(hello|hi|hey|good evening), I have {system} here and {thing} {trouble}. (Is that known|Any idea)?",
  "how do I (get|make|convince) {thing} to (work|run|start) on {system}?",
  "(is there|do we have) a (page|howto|ticket) about {thing} (on|with|for) {system}?",
  "(which|what) version of {thing} do you (use|run|recommend) {when}?",
  "did (somebody|anyone) manage {fix} with {thing}?",
  "{when} {thing} {trouble}; normal?",
  "is {fix} (still|really) the way to go for {system}?",
  "where would I report that {thing} {trouble}?",
  "{number} machines with {system} here, would {thing} cope?",
  "(newbie|beginner|first-time) question: what does {thing} actually do?",
  "can {person} and I share {thing}, or does that end badly?",
  "who maintains {thing} these days?",
  "any plans to bring {thing} to {system}?",
  "my boss wants {thing} by (friday|tomorrow|may), realistic?",
  "what (broke|changed) {when}? {thing} used to be fine",
  "anybody awake? {thing}... {trouble}... help",
  "{system} or {system} for {person}, opinions?",
  "(so|ok), {fix}: does that delete my (files|mails|keys)?",
  "when is the next (meeting|release|sprint), and is {thing} on the list?",
  "(looking for|need) a mentor for {thing}, where do I (sign up|start)?",
  "was the talk about {thing} recorded?",
];

const answers = [
  "(try|I would try|maybe|have you tried) {fix}, that (helped|worked) (for me|here|for {person})",
  "I had that {when} and {fix} was (enough|the cure|no help at all)",
  "(that is|sounds like) a known (bug|problem), {thing} {trouble} on {system} (too|as well)",
  "{thing} (is|was) {feeling} (here|for me), I use it with {system}",
  "(yes|no|hm|well|right), {person} (said|wrote|thinks) {fix} (is|would be) {feeling}",
  "please (open a ticket|write that down|paste the log) when {thing} {trouble}",
  "(thanks|cheers|ah|oh), {fix} (did it|fixed it|was it)! (one more thing|so) {thing} {trouble} {when}",
  "line {number} of the log says it: {thing} {trouble}",
  "not on {system}, {person} tried",
  "depends. {fix} if you are brave, otherwise wait",
  "+1, same here {when}",
  "that page is out of date, {thing} moved (last year|in spring|long ago)",
  "no idea about {thing}, but {system} has a (flag|switch|daemon) for that",
  "merged (an hour ago|this morning|last night), give {thing} a day",
  "I filed {number} bugs about exactly that, {feeling}",
];

const chatter = [
  "{weather} here (today|again), so (I stay in|more time for {thing}|time for {food})",
  "back (from lunch|at my desk|after a week off), there was {food}. (what|anything) did I miss?",
  "{person} (asked|told) me about {thing} {when}, {feeling}",
  "(I think|in my opinion|honestly) {thing} on {system} is {feeling}",
  "{number} (tickets|mails|messages) to read and it is only (monday|nine|the first of the month)",
  "(who|anyone) (wants|is coming) to (test|review|translate) {thing} (tonight|this weekend)?",
  "(lol|heh|ha), that reminds me of {thing} {when}",
  "my {system} box has {number} days of uptime, {feeling}",
  "{food} first, {thing} later",
  "the train is late again, {weather}",
  "watching {person} learn {system} is {feeling}",
  "somebody left {food} in the hackspace fridge {when}",
  "finally: {thing} without a single warning",
  "translating {thing} into three languages, {number} strings to go",
  "who drew that sticker? {feeling}",
  "happy birthday to {person}!",
];

const welcomes = [
  "hi",
  "hello",
  "hey all",
  "hello everyone",
  "o/",
  "good morning",
  "hi there 👋",
  "moin",
  "hola",
  "hey!",
];

/** One or two sentences, as people who know each other write. */
export function chat(chance: Chance): string {
  const of = chance.one([answers, chatter, questions, answers]);
  return phrases(of, lexicon, chance, { count: chance.hits(0.25) ? 2 : 1 });
}

export function question(chance: Chance): string {
  return phrases(questions, lexicon, chance);
}

export function answer(chance: Chance): string {
  return phrases(answers, lexicon, chance);
}

export function greeting(chance: Chance): string {
  return chance.one(welcomes);
}

/** Several sentences about nothing in particular, as a language model writes them. */
export function fluent(chance: Chance): string {
  return phrases([...questions, ...answers, ...chatter], lexicon, chance, {
    count: chance.whole(2, 4),
    between: chance.one([". ", " ", "\n"]),
  });
}

/** Words of one's own about a project: none of them is needed twice. */
export function code(chance: Chance, lines: number): string {
  const name = () => `${chance.letters(chance.whole(3, 9))}_${chance.letters(chance.whole(2, 6))}`;
  return Array.from(
    { length: lines },
    (_, i) => `${" ".repeat((i % 4) * 2)}${name()} = ${name()}(${name()}, ${chance.whole(0, 9_999)})`,
  ).join("\n");
}
