/** Part of an hour that valid readings must cover before its mean is used: 45 minutes, as the laws ask. */
export const enough = 0.75;
