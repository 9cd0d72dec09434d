// Words of which the texts of the benchmark are made, and those that its rules look for.

export const plainWords =
  "the a of to and in is it for on with this that we you they be have from or by not what all were when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part over new sound take only little work know place year live me back give most very after thing our just name good sentence man think say great where help through much before line right too mean old any same tell boy follow came want show also around form three small set put end does another well large must big even such because turn here why ask went men read need land different home us move try kind hand picture again change off play spell air away animal house point page letter mother answer found study still learn should".split(
    " ",
  );

export const otherScripts = [
  "Сегодня хорошая погода, пойдём гулять в парк после обеда?",
  "Ich hätte gern gewusst, ob die Änderung schon übernommen wurde — weiß das jemand?",
  "今天的会议改到下午三点，请大家准时参加。",
  "Η συνάντηση θα γίνει αύριο το πρωί στις δέκα.",
  "วันนี้อากาศดีมาก ไปเดินเล่นกันไหม",
  "Tôi đã đẩy bản sửa lỗi lên nhánh chính, mọi người xem giúp nhé.",
  "האם מישהו יודע מתי יוצאת הגרסה הבאה?",
  "Genau 👍 das sehe ich auch so 🙂",
  "ça marche très bien, merci à tous pour l'aide",
];

const syllables = ["zar", "mok", "vix", "dul", "kre", "pon", "gash", "tuv", "blim", "hox"];

/** Words that nobody says, and phrases of them; some are said in the attack. */
export const badWords: readonly string[] = [
  ...syllables.flatMap((one) => syllables.map((other) => one + other)),
  ...syllables.map((one) => `free ${one}coin`),
  ...syllables.map((one) => `*${one}coin`),
];
