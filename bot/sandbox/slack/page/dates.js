// Dates as a reader's own clock and language say them.

const DAY = 24 * 60 * 60 * 1000;
const formats = new Map();

function format(date, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(undefined, options));
  return formats.get(key).format(date);
}

/** Turn a message's `ts` into a Date. */
export const dateOf = (ts) => new Date(Number(ts) * 1000);

export const time = (date) => format(date, { hour: "numeric", minute: "2-digit" });
export const full = (date) => format(date, { dateStyle: "full", timeStyle: "medium" });

/** Say the day: Today, Yesterday or its date. */
export function day(date, now = new Date()) {
  const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  const ago = Math.round((midnight(now) - midnight(date)) / DAY);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return format(date, { weekday: "long", month: "long", day: "numeric" });
}

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const [unit, size] = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ].find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const near = (date) => {
  const said = day(date);
  return said === "Today" || said === "Yesterday" ? said.toLowerCase() : null;
};
const short = { year: "numeric", month: "short", day: "numeric" };
const long = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
const plain = { year: "numeric", month: "long", day: "numeric" };

// docs.slack.dev/messaging/formatting-message-text, "Date formatting"
const TOKENS = {
  date_num: (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (date) => format(date, plain),
  date_slash: (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date_short: (date) => format(date, short),
  date_long: (date) => format(date, long),
  date_pretty: (date) => near(date) ?? format(date, plain),
  date_short_pretty: (date) => near(date) ?? format(date, short),
  date_long_pretty: (date) => near(date) ?? format(date, long),
  day_divider_pretty: (date) => near(date) ?? format(date, long),
  time,
  time_secs: (date) => format(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** Fill in Slack's date pattern, or give the fallback for what cannot be filled in. */
export function slackDate(unix, pattern, fallback) {
  const date = new Date(Number(unix) * 1000);
  if (!/^\d+$/.test(unix) || Number.isNaN(date.getTime())) return fallback;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) =>
    Object.hasOwn(TOKENS, token) ? TOKENS[token](date) : whole,
  );
}
