import type { NotifySettings } from "../../src/management-room/notify.ts";

/** As the config has it by default. */
export const usualNotify: NotifySettings = { moderators: "recent", recentDays: 7, restMinutes: 5 };
