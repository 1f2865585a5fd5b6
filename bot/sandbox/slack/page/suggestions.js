// The list above a message box: commands after a slash, people after an at sign.

import { avatarOf } from "./avatar.js";
import { el, freshId, icon } from "./dom.js";

const BUILT_IN = [
  {
    command: "/invite",
    description: "Bring someone, or the bot, into this channel",
    usage_hint: "@someone",
    slack: true,
  },
];

/** What fits the text before the cursor: {start, items} of {insert, node} or null. */
function candidates(text, cursor, world, commandsWork) {
  const before = text.slice(0, cursor);
  if (commandsWork && /^\/\S*$/.test(before)) {
    const fitting = [...world.commands, ...BUILT_IN]
      .filter(({ command }) => command.startsWith(before.toLowerCase()))
      .sort((one, other) => Number(other.command === before) - Number(one.command === before));
    return {
      start: 0,
      items: fitting.map((command) => ({
        insert: `${command.command} `,
        exact: command.command === before,
        node: commandRow(command, world),
      })),
    };
  }
  const at = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!at) return null;
  const wanted = at[1].toLowerCase();
  const fitting = [...world.users.values()].filter(
    ({ id, name, real_name: real = "" }) =>
      id !== world.me &&
      [name, ...real.split(/\s+/), real].some((part) => part.toLowerCase().startsWith(wanted)),
  );
  return {
    start: cursor - at[1].length - 1,
    items: fitting.map((user) => ({
      insert: `@${user.name} `,
      exact: user.name === at[1],
      node: personRow(user),
    })),
  };
}

function commandRow({ command, description, usage_hint: hint, slack }, world) {
  return [
    el("span", { class: `avatar tiny ${slack ? "slackbot" : "app"}` }, icon(slack ? "slash" : "bot")),
    el(
      "span",
      { class: "suggestion-text" },
      el("span", {}, el("strong", {}, command), " ", el("span", { class: "usage" }, hint ?? "")),
      el("small", {}, description ?? ""),
    ),
    el("small", { class: "from" }, slack ? "Slack" : world.bot ? world.botName : "App"),
  ];
}

const personRow = (user) => [
  avatarOf(user, "avatar tiny"),
  el(
    "span",
    { class: "suggestion-text one-line" },
    el("strong", {}, user.real_name || user.name),
    el("small", {}, ` @${user.name}`),
  ),
  user.is_bot && el("span", { class: "badge" }, "APP"),
];

export class Suggestions {
  constructor(input, app, { commandsWork }) {
    Object.assign(this, { input, app, commandsWork, items: [], at: 0, dismissed: null });
    this.list = el("div", {
      class: "suggestions",
      role: "listbox",
      id: freshId("suggestions"),
      "aria-label": "Suggestions",
      hidden: true,
    });
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
  }

  get open() {
    return !this.list.hidden;
  }

  /** Bring the list up to what is typed now. */
  update() {
    const { value, selectionStart } = this.input;
    const found =
      value === this.dismissed ? null : candidates(value, selectionStart, this.app.world, this.commandsWork);
    this.items = found?.items ?? [];
    this.start = found?.start ?? 0;
    this.list.hidden = !this.items.length;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.list.replaceChildren(
      ...this.items.map((item, index) => {
        item.row = el(
          "div",
          {
            class: "suggestion",
            role: "option",
            id: freshId("suggestion"),
            on: {
              pointerdown: (event) => event.preventDefault(),
              click: () => this.take(index),
              pointermove: () => this.move(index),
            },
          },
          item.node,
        );
        return item.row;
      }),
    );
    this.move(0);
  }

  move(index) {
    this.at = index;
    this.items.forEach(({ row }, each) => row.setAttribute("aria-selected", String(each === index)));
    const row = this.items[index]?.row;
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const { input, start } = this;
    const end = input.selectionStart;
    input.setRangeText(this.items[index].insert, start, end, "end");
    input.dispatchEvent(new Event("input"));
    input.focus();
  }

  /** Use up a key if it is meant for the list; true when it was. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move((this.at + step + this.items.length) % this.items.length);
    else if (event.key === "Escape") {
      this.dismissed = this.input.value;
      this.update();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      // What stands there whole is sent by Enter: `/build` alone means something.
      if (event.key === "Enter" && this.items[this.at].exact) return false;
      this.take(this.at);
    } else return false;
    event.preventDefault();
    return true;
  }
}
