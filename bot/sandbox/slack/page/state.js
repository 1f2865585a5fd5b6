// What this page knows of the workspace; frames change it, the drawing modules only read it.

const REPLY = (message) => message.thread_ts && message.thread_ts !== message.ts;

/** Is it one of the channel's own messages, not only a thread's? */
export const inChannel = (message) => !REPLY(message) || message.subtype === "thread_broadcast";

const byTime = (one, other) => (one.ts < other.ts ? -1 : Number(one.ts > other.ts));

export class World {
  constructor() {
    this.me = null;
    this.team = { id: "", name: "" };
    this.bot = null;
    this.users = new Map();
    this.channels = new Map();
    this.commands = [];
    this.shortcuts = [];
    this.hint = "";
    this.forget();
  }

  /** Start over as another person: what one saw is not the other's to see. */
  forget() {
    this.place = null;
    this.thread = null;
    this.home = null;
    this.loaded = new Set();
    this.unread = new Map();
    this.messages = new Map();
  }

  hello({ you, team, bot, users, channels, commands = [], shortcuts = [], hint = "" }) {
    Object.assign(this, { me: you ?? this.me, team, bot, commands, shortcuts, hint });
    this.users = new Map(users.map((user) => [user.id, user]));
    this.channels = new Map(channels.map((channel) => [channel.id, channel]));
  }

  /** The bot as people call it. */
  get botName() {
    return this.users.get(this.bot.user_id)?.real_name || this.bot.name;
  }

  /** A channel's name as it is written; a conversation with the bot goes by the bot's. */
  label(id) {
    const channel = this.channels.get(id);
    return channel?.is_im ? this.botName : `#${channel?.name ?? id}`;
  }

  people() {
    return [...this.users.values()].filter((user) => !user.is_bot);
  }

  of(channel) {
    if (!this.messages.has(channel)) this.messages.set(channel, new Map());
    return this.messages.get(channel);
  }

  /** Take a channel's history; what only this page has (ephemeral answers, notices, replies) stays. */
  history(channel, messages) {
    const kept = [...this.of(channel).values()].filter(
      (message) => message.is_ephemeral || !inChannel(message),
    );
    this.messages.set(channel, new Map([...messages, ...kept].map((message) => [message.ts, message])));
    this.loaded.add(channel);
  }

  replies(channel, ts, messages) {
    const all = this.of(channel);
    for (const message of [...all.values()]) {
      if (message.thread_ts === ts && REPLY(message) && !message.is_ephemeral) all.delete(message.ts);
    }
    for (const message of messages) all.set(message.ts, message);
  }

  put(channel, message) {
    this.of(channel).set(message.ts, message);
  }

  /** Add Slackbot's words, placed after everything that is already there. */
  notice(channel, text, thread) {
    const latest = [...this.of(channel).keys()].sort().at(-1) ?? "0";
    const now = (Date.now() / 1000).toFixed(6);
    const ts = now > latest ? now : `${latest}1`;
    this.put(channel, {
      ts,
      text,
      is_notice: true,
      is_ephemeral: true,
      ...(thread ? { thread_ts: thread } : {}),
    });
  }

  remove(channel, ts) {
    this.of(channel).delete(ts);
  }

  /** The channel's column: parents, broadcasts and what only this person sees. */
  feed(channel) {
    return [...this.of(channel).values()].filter(inChannel).sort(byTime);
  }

  threadOf(channel, ts) {
    return [...this.of(channel).values()]
      .filter((message) => message.ts === ts || message.thread_ts === ts)
      .sort(byTime);
  }

  /** Count replies: the server's number, or what arrived here if that is more. */
  replyCount(channel, message) {
    if (REPLY(message) || message.is_ephemeral) return 0;
    const seen = this.threadOf(channel, message.ts).filter(
      (other) => REPLY(other) && !other.is_ephemeral,
    ).length;
    return Math.max(message.reply_count ?? 0, seen);
  }

  /** Note a message that arrived out of sight. */
  count(channel, message) {
    const seen = this.place?.channel === channel;
    if (seen || message.user === this.me || !inChannel(message)) return;
    const { mentions } = this.unread.get(channel) ?? { mentions: 0 };
    const mentioned = (message.text ?? "").includes(`<@${this.me}>`) || message.is_ephemeral;
    this.unread.set(channel, { mentions: mentions + Number(mentioned) });
  }

  /** Who wrote `message`: {name, color, kind}, where kind is person, app or slackbot. */
  author(message) {
    if (message.is_notice) return { name: "Slackbot", kind: "slackbot" };
    const user = this.users.get(message.user);
    const app = Boolean(message.bot_id) || user?.is_bot || message.user === this.bot?.user_id;
    const name =
      message.username || user?.real_name || user?.name || (app && this.botName) || message.user || "Someone";
    return { name, color: user?.color, kind: app ? "app" : "person" };
  }
}
