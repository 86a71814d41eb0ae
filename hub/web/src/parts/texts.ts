import type { Light } from "../box-check.ts";
import type { KeyGroup } from "./keys-of.ts";

type Keys = Readonly<Record<KeyGroup, readonly [name: string, keys: readonly (readonly [string, string])[]]>>;

/* What the parts of every door say. */
export const en = {
  lights: { green: "Good", amber: "Needs a look", red: "Needs care", grey: "Not known" } as Record<Light, string>,
  loading: (what: string) => `Loading ${what.toLowerCase()}…`,
  failed: (what: string) => `${what} could not be loaded`,
  again: "Try again",
  fault: {
    title: "This view has failed",
    next: "It is a mistake of this page and not of what was measured. Load it anew, or go on by the rail. If it stays, send these words to whoever keeps the hub.",
    reload: "Load anew",
  },
  connection: {
    connecting: { words: "Connecting", title: "The live connection to the hub is being opened." },
    "catching-up": { words: "Catching up", title: "The hub is repeating what happened while you were away." },
    live: { words: "Live", title: "Everything is shown as it happens." },
    staleSince: (time: string) => `Stale since ${time}`,
    nothingSince: (time: string, why: string) => `Nothing heard since ${time}. ${why}`,
    tryNow: "Try now",
    seenFrom: (time: string) => `What you see is from ${time}.`,
    byItself: "This page reconnects by itself and catches up on everything it missed.",
  },
  keys: {
    title: "Keys",
    close: "Close",
    groups: {
      anywhere: [
        "Anywhere",
        [
          ["/", "search for a place, box or alert"],
          ["?", "show these keys"],
          ["Esc", "close what is open"],
        ],
      ],
      desk: [
        "Desk",
        [
          ["j", "next alert"],
          ["k", "previous alert"],
          ["a", "acknowledge the alert"],
          ["s", "shelve the alert"],
          ["p", "show or hide the plan"],
          ["Esc", "leave the alert"],
        ],
      ],
      review: [
        "Air, review",
        [
          ["j", "next doubt"],
          ["k", "previous doubt"],
          ["a", "accept what the tests say"],
          ["o", "override it with a flag and a reason"],
          ["Esc", "leave the doubt"],
        ],
      ],
      chart: [
        "In a chart",
        [
          ["← →", "move the cursor"],
          ["+ −", "zoom in on the cursor, show all again"],
          ["t", "show the table behind the chart"],
          ["drag", "zoom in; double click goes back"],
        ],
      ],
    } as Keys,
  },
  asked: { cancel: "Cancel", sending: "Sending…", notDone: "Not done: " },
  search: {
    places: "Search places",
    all: "Search places, boxes, alerts",
    nothing: "Nothing here has that name.",
    place: "Place",
    alertAt: (where: string) => `Alert at ${where}`,
    lineAt: (where: string) => `Line at ${where}`,
    boxAt: (where: string) => `Box at ${where}`,
  },
  notToScale: "Not to scale: the site file has no plan yet. Add one under “plan”.",
  planOf: (name: string, lines: number, zones: number, cameras: number) =>
    `Plan of ${name}: ${lines} lines, ${zones} zones, ${cameras} cameras. The list beside it says the same.`,
  markerOf: (severity: string, title: string) => `${severity}: ${title}`,
  chart: {
    showAll: "Show all",
    zoom: "Zoom",
    table: "Table",
    chart: (title: string) =>
      `Chart: ${title}. Arrow keys move the cursor, plus zooms in, minus shows all, T shows the table.`,
    tableOf: (title: string) => `Table: ${title}`,
    from: "From",
    watched: "watched",
    noData: "no data",
    readout: (time: string, words: readonly string[]) => `${time}: ${words.join(", ")}`,
    notWatched: "not watched",
    soFar: "so far",
    partWatched: (percent: number) => `${percent} % watched`,
    notOver: "not over yet",
  },
};

export const zh: typeof en = {
  lights: { green: "正常", amber: "需要查看", red: "需要处理", grey: "未知" },
  loading: (what) => `正在加载${what}……`,
  failed: (what) => `无法加载${what}`,
  again: "重试",
  fault: {
    title: "此页面出错",
    next: "这是页面本身的错误，与监测数据无关。请重新加载，或从侧栏继续；若仍出现，请将以下文字发给中心的维护人员。",
    reload: "重新加载",
  },
  connection: {
    connecting: { words: "正在连接", title: "正在与中心建立实时连接。" },
    "catching-up": { words: "正在补收", title: "中心正在补发您离开期间发生的事。" },
    live: { words: "实时", title: "一切随发生随显示。" },
    staleSince: (time) => `${time} 起未更新`,
    nothingSince: (time, why) => `自 ${time} 起没有收到消息。${why}`,
    tryNow: "立即重试",
    seenFrom: (time) => `您看到的是 ${time} 的情况。`,
    byItself: "本页会自动重新连接，并补上错过的全部内容。",
  },
  keys: {
    title: "快捷键",
    close: "关闭",
    groups: {
      anywhere: [
        "任何页面",
        [
          ["/", "搜索点位、设备或告警"],
          ["?", "显示快捷键"],
          ["Esc", "关闭弹出内容"],
        ],
      ],
      desk: [
        "值班台",
        [
          ["j", "下一条告警"],
          ["k", "上一条告警"],
          ["a", "确认告警"],
          ["s", "搁置告警"],
          ["p", "显示或隐藏平面图"],
          ["Esc", "离开告警"],
        ],
      ],
      review: [
        "空气 · 数据审核",
        [
          ["j", "下一条疑点"],
          ["k", "上一条疑点"],
          ["a", "接受检验结论"],
          ["o", "改判标识并填写理由"],
          ["Esc", "离开疑点"],
        ],
      ],
      chart: [
        "图表",
        [
          ["← →", "移动光标"],
          ["+ −", "在光标处放大，或显示全部"],
          ["t", "显示图表背后的数据表"],
          ["拖动", "放大；双击返回"],
        ],
      ],
    },
  },
  asked: { cancel: "取消", sending: "正在提交……", notDone: "未完成：" },
  search: {
    places: "搜索点位",
    all: "搜索点位、设备、告警",
    nothing: "没有符合的名称。",
    place: "点位",
    alertAt: (where) => `${where} 的告警`,
    lineAt: (where) => `${where} 的计数线`,
    boxAt: (where) => `${where} 的设备`,
  },
  notToScale: "未按比例：站点文件尚无平面图，可在“plan”下添加。",
  planOf: (name, lines, zones, cameras) =>
    `${name} 平面图：${lines} 条计数线、${zones} 个区域、${cameras} 个摄像头。旁边的列表内容相同。`,
  markerOf: (severity, title) => `${severity}：${title}`,
  chart: {
    showAll: "显示全部",
    zoom: "放大",
    table: "数据表",
    chart: (title) => `图表：${title}。方向键移动光标，加号放大，减号显示全部，T 键显示数据表。`,
    tableOf: (title) => `数据表：${title}`,
    from: "起始时间",
    watched: "监看比例",
    noData: "无数据",
    readout: (time, words) => `${time}：${words.join("，")}`,
    notWatched: "未监看",
    soFar: "截至目前",
    partWatched: (percent) => `监看 ${percent} %`,
    notOver: "尚未结束",
  },
};
