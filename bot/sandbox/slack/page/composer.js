// The message box of a channel or a thread.

import { el, icon } from "./dom.js";
import { Suggestions } from "./suggestions.js";

/** How much was typed is remembered for the arrow keys. */
const REMEMBERED = 50;

export class Composer {
  /** `send(text)` gives false when nothing could be sent; the text then stays. */
  constructor(root, app, { send, commandsWork }) {
    this.app = app;
    this.send = send;
    this.sent = [];
    this.back = 0;
    this.drafts = new Map();
    this.place = null;
    this.input = el("textarea", {
      class: "composer-input",
      rows: 1,
      spellcheck: "true",
      role: "combobox",
      "aria-label": "Message",
      on: {
        input: () => this.changed(),
        keydown: (event) => this.key(event),
        blur: () => (this.suggestions.list.hidden = true),
      },
    });
    this.suggestions = new Suggestions(this.input, app, { commandsWork });
    this.usage = el("div", { class: "usage-line", hidden: true });
    this.button = el(
      "button",
      {
        type: "button",
        class: "send",
        "aria-label": "Send",
        title: "Send (Enter)",
        disabled: true,
        on: { click: () => this.submit() },
      },
      icon("send"),
    );
    this.commandsWork = commandsWork;
    root.replaceChildren(
      el(
        "div",
        { class: "composer" },
        this.suggestions.list,
        this.usage,
        this.input,
        el(
          "div",
          { class: "composer-bar" },
          commandsWork && this.slash(),
          this.at(),
          el(
            "span",
            { class: "keys" },
            el("b", {}, "Enter"),
            " sends · ",
            el("b", {}, "Shift+Enter"),
            " new line",
          ),
          this.button,
        ),
      ),
    );
  }

  slash() {
    const start = () => this.begin("/");
    return el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Commands",
        title: "Commands",
        on: { click: start },
      },
      icon("slash"),
    );
  }

  at() {
    const start = () => this.begin(`${this.input.value}${/\S$/.test(this.input.value) ? " " : ""}@`);
    return el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Mention someone",
        title: "Mention someone",
        on: { click: start },
      },
      icon("at"),
    );
  }

  /** Stand at another place; what was being typed waits where it was. */
  move(place, placeholder) {
    this.input.placeholder = placeholder;
    this.input.setAttribute("aria-label", placeholder);
    if (place === this.place) return;
    if (this.place !== null) this.drafts.set(this.place, this.input.value);
    this.place = place;
    this.back = 0;
    this.set(this.drafts.get(place) ?? "");
    this.suggestions.list.hidden = true;
  }

  /** Write `text` for someone to go on with. */
  fill(text) {
    this.set(text);
    this.input.focus();
    this.input.setSelectionRange(text.length, text.length);
  }

  begin(text) {
    this.fill(text);
    this.suggestions.update();
  }

  set(text) {
    this.input.value = text;
    this.changed();
  }

  changed() {
    this.button.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    if (document.activeElement === this.input) this.suggestions.update();
    this.showUsage();
  }

  // While arguments are typed, how the command goes stays in sight.
  showUsage() {
    const typed = /^(\/\S+)\s/.exec(this.input.value)?.[1];
    const command = this.commandsWork && this.app.world.commands.find((each) => each.command === typed);
    this.usage.hidden = !command;
    if (command)
      this.usage.replaceChildren(el("strong", {}, command.command), ` ${command.usage_hint ?? ""}`);
  }

  key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.recall(event);
  }

  recall(event) {
    const up = event.key === "ArrowUp";
    const untouched = this.back ? this.input.value === this.sent.at(-this.back) : !this.input.value;
    const back = this.back + (up ? 1 : -1);
    if (!untouched || back < 0 || back > this.sent.length) return;
    event.preventDefault();
    this.back = back;
    this.set(back ? this.sent.at(-back) : "");
    this.suggestions.list.hidden = true;
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  submit() {
    const text = this.input.value.trim();
    if (!text || this.send(text) === false) return;
    if (this.sent.at(-1) !== text) this.sent = [...this.sent, text].slice(-REMEMBERED);
    this.back = 0;
    this.set("");
  }
}
