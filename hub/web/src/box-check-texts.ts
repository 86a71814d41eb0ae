import type { SensorState } from "@openkerb/contract";
import { counted } from "./words-texts.ts";

/** How a check came out, why, and what to do when it is not well. */
type Said = { readonly value: string; readonly reason: string; readonly next?: string };
type Sensor = { readonly is: string; readonly reason: string; readonly next?: string };

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/* The checklist of a box. */
export const en = {
  link: {
    name: "Link to the hub",
    unknown: {
      value: "never seen",
      reason: "This box has not reported since the hub knows of it.",
      next: "Check its power, its network and the hub's address in its configuration.",
    },
    lost: (age: string): Said => ({
      value: `lost ${age}`,
      reason: "The connection broke without a goodbye.",
      next: "Check power and mobile signal at the pole. What it measures meanwhile is kept and sent later.",
    }),
    stopped: (age: string): Said => ({
      value: `stopped ${age}`,
      reason: "The agent was ended in an orderly way.",
      next: "Start it again: systemctl start openkerb-agent.",
    }),
    silent: (late: string): Said => ({
      value: `silent for ${late}`,
      reason: "The connection stands but no health message comes, one is due every 10 s.",
      next: "Restart the agent; if it stays silent, restart the box.",
    }),
    late: (late: string): Said => ({
      value: `late by ${late}`,
      reason: "A health message is due every 10 s.",
      next: "Wait a minute. If it stays late, the link is weak or the box is overloaded.",
    }),
    online: (connected: string, heard: string | undefined): Said => ({
      value: "online",
      reason: `Connected for ${connected}${heard === undefined ? "" : `, last heard ${heard}`}.`,
    }),
  },
  camera: {
    name: (id: string) => `Camera ${id}`,
    drops: (dropped: number, restarts: number) =>
      `${sentence(counted(dropped, "frame"))} passed over for a newer one, ${counted(restarts, "restart")} since the agent started.`,
    starting: { value: "starting", reason: "The stream is being opened.", next: "Wait half a minute." },
    frame: (old: string | undefined, speed: string | undefined) =>
      `${old === undefined ? "No frame yet" : `Last frame ${old} before the report`}${speed === undefined ? "" : `, ${speed} ms in the detector`}.`,
    underSecond: "less than 1 s",
    watching: (fps: string) => `watching at ${fps} frames a second`,
    old: "No frame for over 10 s: restart the camera, then check its cable.",
    slow: "Under 3 frames a second, fast traffic is missed: choose a smaller picture size or fewer cameras on this box.",
  },
  outbox: {
    name: "Outbox",
    empty: "empty",
    waiting: (n: string) => `${n} waiting`,
    lost: (n: string): Said => ({
      value: `${n} lost`,
      reason: "The disk was full or the outbox was damaged; what was lost is shown as missing, not as zero.",
      next: "Free or replace the disk. Lost items cannot be brought back.",
    }),
    old: (waited: string) => `The oldest has waited ${waited}. Nothing is lost: it is sent when the hub acknowledges.`,
    oldNext: "Check the link. If it is good, ask the hub's keeper whether the hub accepts this box.",
    reached: "Everything measured has reached the hub.",
    onItsWay: "On its way to the hub.",
  },
  notKnown: "not known",
  clock: {
    name: "Clock",
    unknown: "This box does not report its clock's offset.",
    off: (offset: string) => `${offset} off`,
    next: "Check that the box reaches a time server (timedatectl status).",
    wrong: "Its times cannot be trusted.",
    loose: "More than 2 s off: minutes blur into one another.",
    good: "Within 2 s of the time server.",
  },
  disk: {
    name: "Disk",
    unknown: "This box does not report its disk.",
    free: (free: string, total: string) => `${free} free of ${total}`,
    next: "Remove old logs or replace the card by a larger one.",
    full: (share: string) => `${share} left: soon nothing can be kept when the link is down.`,
    left: (share: string) => `${share} left.`,
  },
  temperature: {
    name: "Temperature",
    unknown: "This hardware has no sensor for it.",
    hot: { reason: "The processor slows down to save itself.", next: "Shade or ventilate the case today." },
    warm: { reason: "Close to where the processor slows down.", next: "Look for a blocked vent or direct sun." },
    good: "Below 75 °C.",
  },
  memory: {
    name: "Memory",
    inUse: (n: string) => `${n} in use`,
    reason: (uptime: string, load: string | undefined) =>
      `The agent has run for ${uptime}${load === undefined ? "" : `, load ${load}`}.`,
    next: "Restart the agent tonight and tell the developers: it should not need this much.",
  },
  store: {
    name: "Data at the hub",
    stored: (n: string) => `${n} stored`,
    missing: (n: number) => ({
      reason: `${counted(n, "item")} missing and asked for again.`,
      next: "Nothing to do: the box sends them again.",
    }),
    refused: (n: number) => ({
      reason: `${counted(n, "item")} refused because they said more than the contract allows or made no sense.`,
      next: "Compare the software of box and hub: one of them is too old.",
    }),
    lost: (n: number) => ({
      reason: `${counted(n, "item")} lost on the box, shown as missing data.`,
      next: "Check the box's disk.",
    }),
    good: "None lost, none refused, none missing.",
  },
  sensor: {
    name: (id: string) => `Sensor ${id}`,
    value: (is: string, since: string) => `${is} for ${since}`,
    last: (age: string | undefined) => (age === undefined ? "No value yet" : `Last value ${age}`),
    reason: (why: string, last: string, refused: number, restarts: number) =>
      `${why} ${last}${refused === 0 ? "" : `, ${counted(refused, "answer")} not understood`}${restarts === 0 ? "" : `, opened anew ${counted(restarts, "time")}`}.`,
  },
  sensors: {
    measuring: { is: "measuring", reason: "Its values count." },
    starting: {
      is: "starting",
      reason: "It has said nothing yet.",
      next: "Wait two minutes. If it stays, check that it is switched on and set to report every minute or faster.",
    },
    "warming-up": {
      is: "warming up",
      reason: "Its values are kept, marked as not evaluated.",
      next: "Wait: dust sensors need half a minute, gas sensors up to two hours.",
    },
    unplugged: {
      is: "cannot be opened",
      reason: "The line to it is not there or broke off.",
      next: "Check cable and power, then the sensor's bus in the site file; the log of the agent says what is missing.",
    },
    busy: {
      is: "held by another program",
      reason: "Only one program at a time can listen to it.",
      next: "Find the other one on the box with: fuser -v /dev/snd/*",
    },
    silent: {
      is: "silent",
      reason: "The line stands, but nothing comes. These minutes are missing, not zero.",
      next: "Check its power, its address and speed in the site file, and that it reports every minute or faster.",
    },
    refused: {
      is: "not understood",
      reason: "What it says cannot be taken for a measurement.",
      next: "Check that the profile in the site file is the sensor's own, and the cable for noise.",
    },
    "cut-off": {
      is: "cut off",
      reason: "The microphone gives the same sample again and again; its minutes are marked as bad.",
      next: "Check the microphone's cable and supply, and that it is not muted (alsamixer).",
    },
    overloaded: {
      is: "overloaded",
      reason: "The sound is louder than the microphone can bear; its minutes are marked as suspect.",
      next: "Lower the gain of the sound card, then calibrate anew.",
    },
    uncalibrated: {
      is: "not calibrated",
      reason: "Its levels have an unknown offset and are marked as suspect.",
      next: "Hold a field calibrator to it: openkerb noise calibrate --device, and put the line into the site file.",
    },
  } as Readonly<Record<SensorState, Sensor>>,
};

export const zh: typeof en = {
  link: {
    name: "与中心的连接",
    unknown: {
      value: "从未出现",
      reason: "自中心登记以来，该设备没有上报过。",
      next: "检查设备的电源、网络，以及其配置中的中心地址。",
    },
    lost: (age) => ({
      value: `${age}失去连接`,
      reason: "连接异常中断。",
      next: "检查灯杆处的供电和移动信号。期间测得的数据会保存并稍后补发。",
    }),
    stopped: (age) => ({
      value: `${age}停止`,
      reason: "程序已正常结束。",
      next: "重新启动：systemctl start openkerb-agent。",
    }),
    silent: (late) => ({
      value: `静默 ${late}`,
      reason: "连接仍在，但没有状态消息；应每 10 秒一次。",
      next: "重启程序；如仍静默，重启设备。",
    }),
    late: (late) => ({
      value: `迟到 ${late}`,
      reason: "状态消息应每 10 秒一次。",
      next: "稍候一分钟。如仍迟到，说明信号弱或设备负载过高。",
    }),
    online: (connected, heard) => ({
      value: "在线",
      reason: `已连接 ${connected}${heard === undefined ? "" : `，最近消息：${heard}`}。`,
    }),
  },
  camera: {
    name: (id) => `摄像头 ${id}`,
    drops: (dropped, restarts) => `自程序启动以来，跳过 ${dropped} 帧以处理更新的画面，重启 ${restarts} 次。`,
    starting: { value: "正在启动", reason: "正在打开视频流。", next: "请等待半分钟。" },
    frame: (old, speed) =>
      `${old === undefined ? "尚无画面" : `上报前 ${old}收到最近一帧`}${speed === undefined ? "" : `，检测用时 ${speed} 毫秒`}。`,
    underSecond: "不到 1 秒",
    watching: (fps) => `正在监看，每秒 ${fps} 帧`,
    old: "超过 10 秒没有画面：重启摄像头，再检查网线。",
    slow: "每秒不足 3 帧，会漏计快速车辆：请选用较小的画面尺寸，或减少本设备的摄像头。",
  },
  outbox: {
    name: "发件箱",
    empty: "空",
    waiting: (n) => `${n} 条待发`,
    lost: (n) => ({
      value: `丢失 ${n} 条`,
      reason: "磁盘已满或发件箱损坏；丢失的数据显示为缺测，而不是零。",
      next: "清理或更换磁盘。丢失的数据无法找回。",
    }),
    old: (waited) => `最早一条已等待 ${waited}。没有丢失：中心确认后即发送。`,
    oldNext: "检查网络连接。如果正常，请询问中心管理员是否接受该设备。",
    reached: "全部测量数据已送达中心。",
    onItsWay: "正在发往中心。",
  },
  notKnown: "未知",
  clock: {
    name: "时钟",
    unknown: "该设备不上报时钟偏差。",
    off: (offset) => `偏差 ${offset}`,
    next: "检查设备能否连到时间服务器（timedatectl status）。",
    wrong: "其时间不可信。",
    loose: "偏差超过 2 秒：相邻分钟会混在一起。",
    good: "与时间服务器相差不超过 2 秒。",
  },
  disk: {
    name: "磁盘",
    unknown: "该设备不上报磁盘情况。",
    free: (free, total) => `剩余 ${free}，共 ${total}`,
    next: "删除旧日志，或更换更大的存储卡。",
    full: (share) => `剩余 ${share}：断网时很快将无法保存数据。`,
    left: (share) => `剩余 ${share}。`,
  },
  temperature: {
    name: "温度",
    unknown: "该硬件没有温度传感器。",
    hot: { reason: "处理器正在降速自保。", next: "今天就为机箱遮阳或通风。" },
    warm: { reason: "接近处理器降速的温度。", next: "检查通风口是否堵塞，或是否阳光直射。" },
    good: "低于 75 °C。",
  },
  memory: {
    name: "内存",
    inUse: (n) => `已用 ${n}`,
    reason: (uptime, load) => `程序已运行 ${uptime}${load === undefined ? "" : `，负载 ${load}`}。`,
    next: "今晚重启程序，并告知开发人员：不应占用这么多。",
  },
  store: {
    name: "中心的数据",
    stored: (n) => `已存 ${n} 条`,
    missing: (n) => ({ reason: `缺少 ${n} 条，已请求补发。`, next: "无需处理：设备会重新发送。" }),
    refused: (n) => ({
      reason: `拒收 ${n} 条，因为内容超出约定或没有意义。`,
      next: "核对设备与中心的软件版本：其中之一过旧。",
    }),
    lost: (n) => ({ reason: `设备上丢失 ${n} 条，显示为缺测。`, next: "检查设备的磁盘。" }),
    good: "没有丢失、拒收或缺少。",
  },
  sensor: {
    name: (id) => `传感器 ${id}`,
    value: (is, since) => `${is}，已持续 ${since}`,
    last: (age) => (age === undefined ? "尚无数值" : `最近数值：${age}`),
    reason: (why, last, refused, restarts) =>
      `${why}${last}${refused === 0 ? "" : `，${refused} 次回答无法识别`}${restarts === 0 ? "" : `，重新打开 ${restarts} 次`}。`,
  },
  sensors: {
    measuring: { is: "正在测量", reason: "其数值有效。" },
    starting: {
      is: "正在启动",
      reason: "尚无任何数据。",
      next: "等待两分钟。如仍无数据，检查是否通电、是否设为每分钟或更快上报。",
    },
    "warming-up": {
      is: "预热中",
      reason: "数值予以保存，标为未评价。",
      next: "请等待：颗粒物传感器约需半分钟，气体传感器最长两小时。",
    },
    unplugged: {
      is: "无法打开",
      reason: "线路不存在或已断开。",
      next: "检查线缆和供电，再核对站点文件中的总线；程序日志会说明缺少什么。",
    },
    busy: { is: "被其他程序占用", reason: "同一时间只能由一个程序读取。", next: "在设备上查找：fuser -v /dev/snd/*" },
    silent: {
      is: "无数据",
      reason: "线路正常，但没有数据传来。这些分钟为缺测，而不是零。",
      next: "检查供电、站点文件中的地址和速率，以及是否每分钟或更快上报。",
    },
    refused: {
      is: "无法识别",
      reason: "传来的内容不能当作测量值。",
      next: "检查站点文件中的型号配置是否与传感器一致，以及线缆是否受干扰。",
    },
    "cut-off": {
      is: "信号中断",
      reason: "麦克风反复给出同一采样；这些分钟标为不合格。",
      next: "检查麦克风的线缆和供电，以及是否被静音（alsamixer）。",
    },
    overloaded: {
      is: "过载",
      reason: "声音超出麦克风的承受范围；这些分钟标为可疑。",
      next: "降低声卡增益，然后重新校准。",
    },
    uncalibrated: {
      is: "未校准",
      reason: "声级存在未知偏差，标为可疑。",
      next: "用声校准器校准：openkerb noise calibrate --device，并将结果行写入站点文件。",
    },
  },
};
