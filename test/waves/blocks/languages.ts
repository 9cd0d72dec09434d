/** What people say in other languages: pieces that are put together, so that no two newcomers say the same. */
import type { Chance } from "./chance.ts";

/** Who or what; when or where; what is the matter; what is asked for. Any of each fits to any of the others. */
const split = (...lists: readonly [string, string, string, string]) => lists.map((list) => list.split("|"));

const pieces = {
  chinese: split(
    "我的笔记本|新买的平板|学校的机房|办公室的打印机|家里的路由器|手机客户端|邮件程序|浏览器|输入法|字体管理器|备份脚本|虚拟机|声卡|触摸板|日历",
    "昨天晚上|更新以后|重启之后|从上周开始|插上电源时|连接投影仪时|在火车上|早上第一次打开|用了三年|刚装好",
    "就黑屏了|没有反应|一直闪烁|找不到设置|提示权限不足|字变得很小|总是断线|发不出声音|吃掉所有内存|显示乱码|要输两次密码|慢得像蜗牛",
    "，请问怎么办？|，有人遇到过吗|。谢谢大家|，是不是我弄错了|，文档里没写|，我再试试看|！急用|，先记录一下|，想换一个试试|，能不能回到旧版本",
  ),
  russian: split(
    "мой старый ноутбук|новый планшет|домашний сервер|почтовая программа|звуковая карта|принтер на работе|второй монитор|сборка из исходников|переключение раскладки|календарь|Firefox|GNOME|клиент на телефоне|виртуальная машина",
    " со вчерашнего дня| после обновления| при загрузке| иногда по утрам| без зарядки| у коллеги тоже| в поезде| раз в полчаса| с прошлой недели| на чистой системе",
    " зависает намертво| теряет настройки| показывает пустое окно| просит пароль дважды| съедает всю память| не видит диск| мигает| пишет кракозябры| работает, но медленно| падает без ошибок| забывает шрифты",
    ". Что посмотреть?|, подскажите пожалуйста|... бывает у кого?| — уже не знаю, что делать|, заранее спасибо!|. В вики не нашёл|, может я что-то путаю| :)|. Лог приложу позже|, откатиться можно?",
  ),
  hebrew: split(
    "המחשב הישן שלי|הַטַּבְלֵט החדש|תוכנת הדואר|כרטיס הקול|המדפסת במשרד|המסך השני|לוח השנה|הדפדפן|הַמִּקְלֶדֶת|הגיבוי הלילי|הלקוח בטלפון",
    " מאתמול| אחרי העדכון| בכל הדלקה| ברכבת| בלי חשמל| מדי פעם| מהשבוע שעבר| גם אצל חבר| על מערכת נקייה",
    " נתקע לגמרי| שוכח את ההגדרות| מציג חלון ריק| מבקש סיסמה פעמיים| לא מוצא את הדיסק| מהבהב| איטי מאוד| כותב סימנים מוזרים| נופל בלי הודעה",
    ", מישהו מכיר?|. תודה מראש|, אשמח לעזרה| או שאני טועה?|. לא מצאתי בוויקי|, מה כדאי לבדוק|. אצרף יומן אחר כך|, אפשר לחזור אחורה?",
  ),
  arabic: split(
    "حاسوبي القديم|اللوح الجديد|برنامج البريد|بطاقة الصوت|طابعة المكتب|الشاشة الثانية|التقويم|المتصفح|لوحة المفاتيح|النسخ الاحتياطي|تطبيق الهاتف",
    " منذ أمس| بعد التحديث| عند كل تشغيل| في القطار| بدون شاحن| أحيانا| منذ أسبوع| عند صديقي أيضا| على نظام نظيف",
    " يتوقف تماما| ينسى الإعدادات| يعرض نافذة فارغة| يطلب كلمة السر مرتين| لا يجد القرص| يومض| بطيء جدا| يكتب رموزا غريبة| يغلق دون رسالة",
    "، هل حدث لأحد؟|. شكرا مقدما|، أحتاج مساعدة|، أو ربما أخطأت|. لم أجد شيئا في الويكي|، ماذا أفحص أولا؟|. سأرفق السجل لاحقا|، هل يمكن الرجوع؟",
  ),
  thai: split(
    "โน้ตบุ๊กเก่าของผม|แท็บเล็ตใหม่|โปรแกรมอีเมล|การ์ดเสียง|เครื่องพิมพ์ที่ทำงาน|จอที่สอง|ปฏิทิน|เบราว์เซอร์|แป้นพิมพ์|สคริปต์สำรองข้อมูล|แอปบนมือถือ",
    "เมื่อวาน|หลังอัปเดต|ทุกครั้งที่เปิด|บนรถไฟ|ตอนไม่เสียบปลั๊ก|บางครั้ง|ตั้งแต่สัปดาห์ก่อน|เพื่อนก็เป็น|บนระบบใหม่",
    "ค้างไปเลย|ลืมการตั้งค่า|ขึ้นหน้าต่างว่าง|ถามรหัสสองรอบ|หาดิสก์ไม่เจอ|กะพริบ|ช้ามาก|ขึ้นตัวอักษรแปลก|ปิดเองไม่มีข้อความ",
    " มีใครเป็นไหมครับ| ขอบคุณล่วงหน้าค่ะ| ช่วยด้วย| หรือผมทำผิด| ในวิกิไม่มี| ควรดูอะไรก่อน| เดี๋ยวแนบล็อก| ย้อนกลับได้ไหมคะ",
  ),
  vietnamese: split(
    "Máy tính cũ của mình|Máy tính bảng mới|Chương trình thư|Card âm thanh|Máy in ở cơ quan|Màn hình thứ hai|Lịch|Trình duyệt|Bộ gõ|Bản sao lưu đêm|Ứng dụng điện thoại",
    " từ hôm qua| sau khi cập nhật| mỗi lần bật| trên tàu| khi không cắm sạc| thỉnh thoảng| từ tuần trước| bạn mình cũng vậy| trên hệ thống sạch",
    " bị treo hẳn| quên hết thiết lập| hiện cửa sổ trống| hỏi mật khẩu hai lần| không thấy ổ đĩa| nhấp nháy| chạy rất chậm| hiện ký tự lạ| tự tắt không báo gì",
    ", có ai gặp chưa ạ?|. Cảm ơn trước|, giúp mình với|, hay mình làm sai?|. Wiki không có|, nên xem gì trước|. Mình gửi log sau|, quay lại bản cũ được không?",
  ),
  german: split(
    "Mein alter Rechner|Das neue Tablet|Das Mailprogramm|Die Soundkarte|Der Drucker im Büro|Der zweite Bildschirm|Der Kalender|Der Browser|Die Tastatur|Die nächtliche Sicherung|Die App am Telefon",
    " seit gestern| nach der Aktualisierung| bei jedem Start| im Zug| ohne Netzteil| manchmal| seit letzter Woche| bei meiner Schwester genauso| auf einem frischen System",
    ": hängt sich ganz auf| – vergisst die Einstellungen| zeigt ein leeres Fenster| fragt zweimal nach dem Passwort| findet die Platte nicht| flackert| ist schrecklich langsam| zeigt Hieroglyphen| geht ohne Meldung aus",
    ", kennt das jemand?|. Danke vorab|, bin etwas ratlos|, oder mache ich was falsch?|. Im Wiki steht nichts|, wo schaue ich zuerst?|. Protokoll kommt später|, kann ich zurück?",
  ),
} as const;

export type Language = keyof typeof pieces;

export const languages = Object.keys(pieces) as readonly Language[];

export function inLanguage(language: Language, chance: Chance): string {
  return pieces[language].map((part) => chance.one(part)).join("");
}
