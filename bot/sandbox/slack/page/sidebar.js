// The left column: workspace, channels, the bot's Home, and who is looking.

import { avatarOf } from "./avatar.js";
import { el, icon, keepingFocus } from "./dom.js";
import { menu } from "./popup.js";

export function drawSidebar(root, app) {
  const { world } = app;
  keepingFocus(root, () =>
    root.replaceChildren(
      el(
        "div",
        { class: "workspace" },
        el("span", { class: "workspace-mark", "aria-hidden": "true" }, [...world.team.name][0] ?? ""),
        el("strong", {}, world.team.name),
      ),
      el(
        "div",
        { class: "places" },
        el("h2", {}, "Channels"),
        el("ul", {}, rooms(world, false)),
        world.bot && [el("h2", {}, "Apps"), el("ul", {}, el("li", {}, homeLink(world)), rooms(world, true))],
      ),
      world.me && youAre(app),
    ),
  );
}

const rooms = (world, direct) =>
  [...world.channels.values()]
    .filter((channel) => Boolean(channel.is_im) === direct)
    .map((channel) => el("li", {}, channelLink(channel, world)));

function channelLink(channel, world) {
  const unread = world.unread.get(channel.id);
  const here = world.place?.channel === channel.id;
  return el(
    "a",
    {
      class: unread ? "place unread" : "place",
      href: `#${channel.id}`,
      "aria-current": here ? "page" : null,
      "data-key": channel.id,
    },
    icon(channel.is_im ? "reply" : channel.is_private ? "lock" : "hash"),
    el("span", { class: "place-name" }, channel.is_im ? "Messages" : channel.name),
    unread?.mentions
      ? el("span", { class: "count", "aria-label": `${unread.mentions} for you` }, unread.mentions)
      : unread && el("span", { class: "sr-only" }, "unread"),
  );
}

function homeLink(world) {
  return el(
    "a",
    { class: "place", href: "#home", "aria-current": world.place?.home ? "page" : null, "data-key": "home" },
    el("span", { class: "avatar tiny app", "aria-hidden": "true" }, icon("bot")),
    el("span", { class: "place-name" }, world.botName),
  );
}

function youAre(app) {
  const { world } = app;
  const me = world.users.get(world.me);
  const name = me?.real_name || me?.name || "";
  const opener = el(
    "button",
    {
      type: "button",
      class: "you",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "data-key": "you",
      on: { click: () => choose(app, opener) },
    },
    me && avatarOf(me),
    el("span", { class: "you-text" }, el("small", {}, "You are"), el("strong", {}, name)),
    icon("down"),
  );
  return opener;
}

function choose(app, opener) {
  const { world } = app;
  const rows = world.people().map((user) =>
    el(
      "div",
      { class: "person-row" },
      el(
        "button",
        {
          type: "button",
          class: "menu-item",
          role: "menuitemradio",
          "aria-checked": String(user.id === world.me),
          on: {
            click: () => {
              close();
              app.become(user.id);
            },
          },
        },
        avatarOf(user, "avatar tiny"),
        el("span", {}, user.real_name || user.name),
        user.id === world.me && icon("check"),
      ),
      el(
        "a",
        {
          class: "icon-button",
          href: `?user=${encodeURIComponent(user.id)}${location.hash}`,
          target: "_blank",
          rel: "noopener",
          title: `A second window as ${user.real_name || user.name}`,
          "aria-label": `Open a second window as ${user.real_name || user.name}`,
        },
        icon("window"),
      ),
    ),
  );
  const close = menu(opener, el("div", { class: "menu people", "aria-label": "Be someone else" }, rows));
}
