import type { AlertKind, CameraTrouble, RoadClass, Severity } from "@openkerb/contract";
import type { Break } from "./connection.ts";

/** `1 box`, `2 boxes`: English alone has to know. */
export const counted = (n: number, one: string, many: string = `${one}s`): string =>
  `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

/* What more than one door says. */
export const en = {
  units: { second: "s", minute: "min", hour: "h" },
  days: (n: number) => `${n} days`,
  now: "now",
  ago: (span: string) => `${span} ago`,
  // Without a comma between day and clock, a sentence would run on.
  dayAndClock: (day: string, clock: string) => `${day}, ${clock}`,
  listed: (all: readonly string[]) =>
    all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`,
  classes: {
    person: { one: "Person", many: "People" },
    bicycle: { one: "Bicycle", many: "Bicycles" },
    car: { one: "Car", many: "Cars" },
    motorcycle: { one: "Motorcycle", many: "Motorcycles" },
    bus: { one: "Bus", many: "Buses" },
    truck: { one: "Truck", many: "Trucks" },
  } satisfies Record<RoadClass, object> as Record<RoadClass, { one: string; many: string }>,
  ways: { in: "in", out: "out" },
  severities: { critical: "Critical", warning: "Warning", notice: "Notice" } as Record<Severity, string>,
  /** The titles of alerts, where the hub's own cannot be read. */
  kinds: undefined as Record<AlertKind, string> | undefined,
  troubles: {
    unreachable: {
      is: "cannot be reached",
      next: "Check the camera's power and network cable, then the address in the site file.",
    },
    "login-refused": {
      is: "refuses the login",
      next: "Set the user name in the site file and the password where the file says it is kept.",
    },
    "not-video": {
      is: "sends something that is not video",
      next: "Check the stream path in the site file's address.",
    },
    corrupt: {
      is: "sends a damaged stream",
      next: "Change the transport to tcp in the site file; if it stays, replace the cable.",
    },
    stalled: {
      is: "has stopped sending frames",
      next: "Restart the camera; if it stalls again, check its network.",
    },
    frozen: { is: "repeats one picture", next: "Restart the camera. A frozen picture counts nothing." },
    dark: { is: "sees nothing", next: "Look for a covered lens, or a night without street light." },
    "detector-failed": {
      is: "is not analysed: the detector failed",
      next: "Run openkerb models check on the box and build the model again if its hash is wrong.",
    },
  } as Record<CameraTrouble, { is: string; next: string }>,
  states: {
    new: "New",
    overUnseen: "Over, not seen yet",
    shelved: "Shelved",
    closed: "Closed",
    active: (who: string) => `Active, ${who}`,
    over: (who: string) => `Over, ${who}`,
    with: (person: string) => `with ${person}`,
    seenBy: (person: string) => `seen by ${person}`,
    somebody: "somebody",
  },
  breaks: {
    unreachable: "The hub does not answer. It may be restarting, or the network is down.",
    silent: "The connection stands but nothing comes through.",
    offline: "This device has no network.",
    refused: "The hub refused the live connection.",
  } as Record<Break, string>,
  few: "fewer than 10",
  fewAnHour: "fewer than 10 an hour",
  notWatched: "not watched",
  between: (low: string, high: string) => `${low} to ${high}`,
  atLeast: (n: string) => `at least ${n}`,
  hubAway: "The hub does not answer. Check that it is running, then try again.",
  noReason: (status: number) => `The hub answered with status ${status} and no reason.`,
  notUnderstood: (path: string, where: string) =>
    `The hub's answer is not one this page understands (${path}, ${where}). They are of different versions: reload the page.`,
};

export const zh: typeof en = {
  units: { second: "秒", minute: "分钟", hour: "小时" },
  days: (n) => `${n} 天`,
  now: "刚刚",
  ago: (span) => `${span}前`,
  dayAndClock: (day, clock) => `${day} ${clock}`,
  listed: (all) => all.join("、"),
  classes: {
    person: { one: "行人", many: "行人" },
    bicycle: { one: "自行车", many: "自行车" },
    car: { one: "小汽车", many: "小汽车" },
    motorcycle: { one: "摩托车", many: "摩托车" },
    bus: { one: "公交车", many: "公交车" },
    truck: { one: "货车", many: "货车" },
  },
  ways: { in: "进", out: "出" },
  severities: { critical: "紧急", warning: "警告", notice: "提示" },
  kinds: {
    "vehicle-stopped": "车辆停滞",
    "camera-down": "摄像头离线",
    "camera-frozen": "摄像头画面冻结",
    "camera-dark": "摄像头无画面",
    "detector-failed": "检测器故障",
    "device-offline": "设备离线",
    "device-troubled": "设备异常",
    "data-lost": "数据丢失",
    "clock-wrong": "时钟不准",
    "device-doubled": "两台设备使用同一编号",
    "sensor-failed": "传感器故障",
    "air-warning": "空气质量超过阈值",
  },
  troubles: {
    unreachable: { is: "无法连接", next: "检查摄像头的电源和网线，再核对站点文件中的地址。" },
    "login-refused": { is: "拒绝登录", next: "在站点文件中填写用户名，并在文件指明的位置设置密码。" },
    "not-video": { is: "传来的不是视频", next: "核对站点文件地址中的视频流路径。" },
    corrupt: { is: "视频流损坏", next: "在站点文件中把传输方式改为 tcp；如仍未恢复，请更换网线。" },
    stalled: { is: "已停止传送画面", next: "重启摄像头；如再次停止，请检查其网络。" },
    frozen: { is: "重复同一画面", next: "重启摄像头。画面冻结期间不计数。" },
    dark: { is: "看不到画面", next: "检查镜头是否被遮挡，或夜间没有路灯。" },
    "detector-failed": {
      is: "未被分析：检测器故障",
      next: "在设备上运行 openkerb models check；如哈希值不符，请重新生成模型。",
    },
  },
  states: {
    new: "新告警",
    overUnseen: "已结束，尚无人查看",
    shelved: "已搁置",
    closed: "已关闭",
    active: (who) => `持续中，${who}`,
    over: (who) => `已结束，${who}`,
    with: (person) => `由 ${person} 处理`,
    seenBy: (person) => `${person} 已查看`,
    somebody: "有人",
  },
  breaks: {
    unreachable: "中心没有响应。可能正在重启，或网络中断。",
    silent: "连接仍在，但没有数据传来。",
    offline: "本机没有网络。",
    refused: "中心拒绝了实时连接。",
  },
  few: "少于 10",
  fewAnHour: "每小时少于 10",
  notWatched: "未监看",
  between: (low, high) => `${low} 至 ${high}`,
  atLeast: (n) => `至少 ${n}`,
  hubAway: "中心没有响应。请确认其正在运行，然后重试。",
  noReason: (status) => `中心返回状态 ${status}，未说明原因。`,
  notUnderstood: (path, where) => `本页无法理解中心的回答（${path}，${where}）。两者版本不同：请刷新页面。`,
};
