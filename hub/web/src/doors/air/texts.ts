/* The air door's own words. */
export const en = {
  pages: "Pages of the air door",
  tabs: {
    stations: "Stations",
    compare: "Compare",
    ledger: "Ledger",
    review: "Review",
    colocation: "Colocation",
    noise: "Noise",
    forecast: "Forecast",
    station: "Station",
    report: "Report",
  },
};

export const zh: typeof en = {
  pages: "空气门户的页面",
  tabs: {
    stations: "点位",
    compare: "对比",
    ledger: "超标台账",
    review: "数据审核",
    colocation: "比对校准",
    noise: "噪声",
    forecast: "预报",
    station: "点位详情",
    report: "报告",
  },
};
