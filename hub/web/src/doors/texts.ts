/* The door with a lock. */
export const en = {
  logIn: "Log in",
  loggingIn: "Logging in…",
  forWhom: (city: string) => `For operators, officers and technicians of ${city}.`,
  name: "Name",
  password: "Password",
  looking: "Looking for what is measured in your street?",
  noLogin: "No login is needed",
};

export const zh: typeof en = {
  logIn: "登录",
  loggingIn: "正在登录……",
  forWhom: (city) => `供 ${city} 的值班人员、环境监测人员和技术人员使用。`,
  name: "姓名",
  password: "密码",
  looking: "想了解您所在的街道测量什么？",
  noLogin: "无需登录",
};
