import type { Catalogue } from "./language/language.ts";

type Texts = {
  readonly doors: string;
  readonly start: string;
  readonly skip: string;
  readonly desk: string;
  readonly air: string;
  readonly boxes: string;
  readonly open: string;
  readonly keys: string;
  readonly range: string;
  readonly ranges: Readonly<Record<"1h" | "today" | "24h" | "7d", string>>;
  readonly themes: Readonly<Record<"auto" | "light" | "dark", string>>;
  readonly changeTheme: (now: string) => string;
  readonly changeLanguage: (now: string, next: string) => string;
  readonly logOut: string;
  readonly logIn: string;
  readonly titles: Readonly<Record<"home" | "desk" | "air" | "boxes" | "open" | "lost", string>>;
  readonly lost: { readonly title: string; readonly leadsNowhere: string; readonly toStart: string };
  readonly shut: { readonly title: (door: string) => string; readonly who: (person: string) => string };
};

export const shellTexts: Catalogue<Texts> = {
  en: {
    doors: "Doors",
    start: "OpenKerb, start",
    skip: "Skip to the content",
    desk: "Desk",
    air: "Air",
    boxes: "Boxes",
    open: "Open",
    keys: "Keys",
    range: "Time range",
    ranges: { "1h": "1 h", today: "Today", "24h": "24 h", "7d": "7 days" },
    themes: { auto: "Auto", light: "Light", dark: "Dark" },
    changeTheme: (now) => `Theme: ${now}. Change`,
    changeLanguage: (now, next) => `Language: ${now}. Change to ${next}`,
    logOut: "log out",
    logIn: "Log in",
    titles: {
      home: "OpenKerb",
      desk: "Desk · OpenKerb",
      air: "Air · OpenKerb",
      boxes: "Boxes · OpenKerb",
      open: "What is measured here · OpenKerb",
      lost: "Not found · OpenKerb",
    },
    lost: {
      title: "There is no such page",
      leadsNowhere: "leads nowhere. The link may be cut off or from another version.",
      toStart: "Go to the start",
    },
    shut: {
      title: (door) => `${door} is not yours to open`,
      who: (person) =>
        `You are logged in as ${person}. Ask whoever keeps the hub's configuration for the role you need.`,
    },
  },
  zh: {
    doors: "入口",
    start: "OpenKerb 首页",
    skip: "跳到正文",
    desk: "值班台",
    air: "空气",
    boxes: "设备",
    open: "公开",
    keys: "快捷键",
    range: "时间范围",
    ranges: { "1h": "1 小时", today: "今天", "24h": "24 小时", "7d": "7 天" },
    themes: { auto: "自动", light: "浅色", dark: "深色" },
    changeTheme: (now) => `主题：${now}。点击切换`,
    changeLanguage: (now, next) => `语言：${now}。切换为 ${next}`,
    logOut: "退出登录",
    logIn: "登录",
    titles: {
      home: "OpenKerb",
      desk: "值班台 · OpenKerb",
      air: "空气 · OpenKerb",
      boxes: "设备 · OpenKerb",
      open: "这里测量什么 · OpenKerb",
      lost: "未找到 · OpenKerb",
    },
    lost: {
      title: "没有这个页面",
      leadsNowhere: "无法打开。链接可能不完整，或来自其他版本。",
      toStart: "回到首页",
    },
    shut: {
      title: (door) => `您没有“${door}”的权限`,
      who: (person) => `您当前以 ${person} 登录。请向负责中心配置的人员申请所需角色。`,
    },
  },
};
