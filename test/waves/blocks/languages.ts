/** What people say in other languages: pieces that are put together, so that no two newcomers say the same. */
import type { Chance } from "./chance.ts";

/** Beginnings, middles and ends of sentences. */
type Pieces = readonly [readonly string[], readonly string[], readonly string[]];

const pieces = {
  chinese: [
    [
      "大家好，",
      "请问一下，",
      "刚刚看到，",
      "不好意思，",
      "我想知道",
      "昨天晚上",
      "有人知道",
      "早上好，",
      "",
    ],
    [
      "这个软件怎么安装",
      "新版本的设置在哪里",
      "我的电脑启动以后黑屏",
      "中文输入法没有反应",
      "文档里说的第三步",
      "手机上的客户端",
      "邮件列表的地址",
      "更新以后字体变小了",
      "服务器连接不上",
      "怎么提交翻译",
      "驱动程序不支持显卡",
      "这里可以用中文交流吗",
    ],
    [
      "？谢谢",
      "，有没有别的办法？",
      "。",
      "，麻烦了",
      "，我再试试",
      "，是不是我弄错了？",
      "！",
      "，多谢各位",
    ],
  ],
  russian: [
    [
      "Привет, ",
      "Всем добрый день! ",
      "Подскажите, ",
      "А кто-нибудь знает, ",
      "Вчера заметил: ",
      "",
      "Ребята, ",
    ],
    [
      "как поставить новую версию на старый ноутбук",
      "почему после обновления пропал звук",
      "где лежат настройки клавиатуры",
      "можно ли собрать Firefox из исходников",
      "у меня GNOME падает при входе",
      "Telegram не открывает ссылки",
      "кто переводит документацию",
      "сеть отваливается каждые полчаса",
      "в Debian этот пакет старый",
    ],
    ["?", " — уже третий день мучаюсь.", ", заранее спасибо!", "...", ", или я что-то не так делаю?", " :)"],
  ],
  hebrew: [
    ["שָׁלוֹם, ", "היי, ", "מישהו יודע ", "בוקר טוב, ", "סליחה על השאלה, ", ""],
    [
      "איך מתקינים את הגרסה החדשה",
      "למה המסך נשאר שחור",
      "אֵיפֹה שׁוֹמְרִים את ההגדרות",
      "מתי יוצא העדכון הבא",
      "אפשר לכתוב כאן בעברית",
      "המקלדת לא עובדת אחרי השדרוג",
      "מי מתרגם את האתר",
    ],
    ["? תודה", "?", ", אשמח לעזרה", ".", " או שאני טועה?"],
  ],
  arabic: [
    ["مرحبا، ", "السلام عليكم، ", "هل يعرف أحد ", "صباح الخير، ", "عذرا، ", ""],
    [
      "كيف أثبت الإصدار الجديد",
      "لماذا لا تعمل الطابعة بعد التحديث",
      "أين أجد الإعدادات",
      "متى يصدر التحديث القادم",
      "هل يمكن الترجمة إلى العربية",
      "الصوت لا يعمل على جهازي",
    ],
    ["؟ شكرا", "؟", "، أحتاج إلى مساعدة", ".", "، أو ربما أخطأت"],
  ],
  thai: [
    ["สวัสดีครับ ", "สวัสดีค่ะ ", "ขอถามหน่อย ", "มีใครรู้บ้าง ", "เมื่อวาน", ""],
    [
      "ติดตั้งเวอร์ชันใหม่ยังไง",
      "หน้าจอดำหลังอัปเดต",
      "แป้นพิมพ์ภาษาไทยไม่ทำงาน",
      "ตั้งค่าเสียงตรงไหน",
      "ใครช่วยแปลเอกสารได้บ้าง",
      "เน็ตหลุดบ่อยมาก",
      "อยากลองใช้รุ่นทดสอบ",
    ],
    ["ครับ ขอบคุณ", "คะ", " ช่วยด้วย", "", " หรือว่าผมทำผิด"],
  ],
  vietnamese: [
    ["Chào mọi người, ", "Cho mình hỏi, ", "Có ai biết ", "Hôm qua ", "Xin lỗi, ", ""],
    [
      "cách cài phiên bản mới trên máy cũ",
      "vì sao màn hình đen sau khi cập nhật",
      "bộ gõ tiếng Việt không chạy",
      "chỗ nào chỉnh âm thanh",
      "ai đang dịch tài liệu",
      "mạng bị rớt liên tục",
      "làm sao gửi bản sửa lỗi",
    ],
    [" ạ? Cảm ơn nhiều", "?", ", giúp mình với", ".", ", hay là mình làm sai?"],
  ],
  german: [
    ["Moin, ", "Hallo zusammen, ", "Weiß jemand, ", "Kurze Frage: ", "Gestern ist mir aufgefallen: ", ""],
    [
      "wie ich die neue Version auf dem alten Rechner einrichte",
      "warum der Ton nach der Aktualisierung fehlt",
      "wo die Einstellungen der Tastatur liegen",
      "wann die nächste Ausgabe kommt",
      "dass die Suche Umlaute verschluckt",
      "wer gerade die Handbücher übersetzt",
    ],
    ["? Danke!", "?", " – liegt das an mir?", ".", ", bin etwas ratlos"],
  ],
} satisfies Record<string, Pieces>;

export type Language = keyof typeof pieces;

export const languages = Object.keys(pieces) as readonly Language[];

export function inLanguage(language: Language, chance: Chance): string {
  return pieces[language].map((part) => chance.one<string>(part)).join("");
}
