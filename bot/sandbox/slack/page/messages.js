// One message: who, when, what, and what can be done with it.

import { avatar, avatarOf } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { dateOf, full, time } from "./dates.js";
import { el, icon } from "./dom.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { menu } from "./popup.js";

const WORDS = ".text, .section-text, .context > span, .rich-section";
const HEX = /^#?[0-9a-f]{3,6}$/i;

/** Draw `message`; `compact` leaves out who wrote it, `inThread` what only makes sense in a channel. */
export function drawMessage(message, { app, channel, compact, inThread }) {
  const { world } = app;
  const who = world.author(message);
  const at = dateOf(message.ts);
  const classes = [
    "message",
    compact && "compact",
    message.is_ephemeral && "ephemeral",
    /^channel_/.test(message.subtype ?? "") && "system",
    addressesMe(message, world) && "to-me",
  ];
  return el(
    "article",
    {
      class: classes.filter(Boolean).join(" "),
      "aria-label": `${who.name}, ${time(at)}`,
      "data-ts": message.ts,
    },
    el(
      "div",
      { class: "gutter" },
      compact ? el("time", { class: "at", title: full(at) }, time(at)) : avatar(who),
    ),
    el(
      "div",
      { class: "said" },
      remark(message, { app, channel, inThread }),
      !compact &&
        el(
          "header",
          {},
          el("strong", { class: "author" }, who.name),
          who.kind === "app" && el("span", { class: "badge" }, "APP"),
          el("time", { class: "at", datetime: at.toISOString(), title: full(at) }, time(at)),
        ),
      body(message, app, channel),
      footer(message, { app, channel, inThread }),
    ),
    !inThread && !message.is_ephemeral && toolbar(message, app, channel),
  );
}

// Addressed, not only named: a card that says who asked for it is for everyone.
const addressesMe = (message, world) => (message.text ?? "").startsWith(`<@${world.me}>`);

// The line above a message that says why it is here.
function remark(message, { app, channel, inThread }) {
  if (message.is_ephemeral) return el("p", { class: "remark" }, icon("eye"), "Only visible to you");
  if (message.subtype !== "thread_broadcast") return null;
  if (inThread) return el("p", { class: "remark" }, icon("hash"), "Also sent to the channel");
  const parent = app.world.of(channel).get(message.thread_ts);
  return el(
    "p",
    { class: "remark" },
    icon("reply"),
    "replied to a thread: ",
    el(
      "button",
      { type: "button", class: "link", on: { click: () => app.openThread(channel, message.thread_ts) } },
      parent ? excerpt(parent.text) : "view the thread",
    ),
  );
}

const excerpt = (text = "") => {
  const line = unescape(
    text.split("\n")[0].replace(/:[a-z0-9_+-]+:\s*|[*_~`]|<[^|>]*\|([^>]*)>/g, "$1"),
  ).trim();
  return line.length > 70 ? `${line.slice(0, 69)}…` : line || "a message";
};

function body(message, app, channel) {
  const { world } = app;
  const key = { channel, ts: message.ts, ...(message.is_ephemeral ? { ephemeral: true } : {}) };
  const surface = app.surfaceOf(key);
  const content = message.blocks?.length
    ? drawBlocks(message.blocks, { world, surface })
    : el("div", { class: "text" }, mrkdwn(message.text ?? "", world));
  const attachments = (message.attachments ?? []).map((attachment) => attached(attachment, world, surface));
  const edited =
    message.edited && el("span", { class: "edited", title: full(dateOf(message.edited.ts)) }, "(edited)");
  const node = el("div", { class: "body" }, content, attachments);
  // Beside the last words, not on a line of its own under the buttons.
  if (edited) ([...node.querySelectorAll(WORDS)].at(-1) ?? node).append(" ", edited);
  return node;
}

function attached(attachment, world, surface) {
  const node = el(
    "div",
    { class: "attachment" },
    attachment.blocks?.length
      ? drawBlocks(attachment.blocks, { world, surface })
      : mrkdwn(attachment.text ?? attachment.fallback ?? "", world),
  );
  if (HEX.test(attachment.color ?? "")) node.style.borderLeftColor = `#${attachment.color.replace("#", "")}`;
  return node;
}

function footer(message, { app, channel, inThread }) {
  if (message.is_ephemeral) {
    const dismiss = () => app.dismiss(channel, message.ts);
    return el("button", { type: "button", class: "link dismiss", on: { click: dismiss } }, "Dismiss message");
  }
  const count = app.world.replyCount(channel, message);
  if (inThread || !count) return null;
  const faces = (message.reply_users ?? [])
    .slice(0, 4)
    .map((id) => app.world.users.get(id))
    .filter(Boolean);
  return el(
    "button",
    { type: "button", class: "replies", on: { click: () => app.openThread(channel, message.ts) } },
    faces.map((user) => avatarOf(user, "avatar tiny")),
    el("span", { class: "count" }, `${count} ${count === 1 ? "reply" : "replies"}`),
    el("span", { class: "hint" }, "View thread"),
  );
}

function toolbar(message, app, channel) {
  const open = () => app.openThread(channel, message.thread_ts ?? message.ts);
  return el(
    "div",
    { class: "toolbar" },
    el(
      "button",
      { type: "button", title: "Reply in thread", "aria-label": "Reply in thread", on: { click: open } },
      icon("reply"),
    ),
    app.world.shortcuts.length > 0 && shortcuts(message, app, channel),
  );
}

// The app's own entries in a message's menu.
function shortcuts(message, app, channel) {
  let close = null;
  const choose = (callback) => {
    close();
    app.send({ type: "shortcut", channel, ts: message.ts, callback_id: callback });
  };
  const items = () =>
    app.world.shortcuts.map(({ callback_id: callback, name }) =>
      el(
        "button",
        { type: "button", class: "menu-item", role: "menuitem", on: { click: () => choose(callback) } },
        el("span", { class: "avatar tiny app", "aria-hidden": "true" }, icon("bot")),
        name,
      ),
    );
  const opener = el(
    "button",
    {
      type: "button",
      title: "More actions",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: () => (close = menu(opener, el("div", { class: "menu" }, items()))) },
    },
    icon("more"),
  );
  return opener;
}
