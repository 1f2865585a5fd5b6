// The right column: one message and its replies, with a message box of its own.

import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Feed } from "./feed.js";

export class Thread {
  constructor(root, app) {
    this.root = root;
    this.app = app;
    this.title = el("span", { class: "topic" });
    const messages = el("section", {
      class: "feed",
      role: "log",
      "aria-label": "Thread messages",
      tabindex: "0",
    });
    const box = el("div", {});
    root.replaceChildren(
      el(
        "header",
        {},
        el("h2", {}, "Thread"),
        this.title,
        el(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Close thread",
            on: { click: () => app.closeThread() },
          },
          icon("close"),
        ),
      ),
      messages,
      box,
    );
    this.feed = new Feed(messages, app, { inThread: true });
    this.composer = new Composer(box, app, { send: (text) => this.say(text), commandsWork: false });
    root.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && !event.defaultPrevented && app.closeThread(),
    );
  }

  draw() {
    const { world } = this.app;
    const { thread } = world;
    this.root.hidden = !thread;
    document.body.classList.toggle("thread-open", Boolean(thread));
    if (!thread) return;
    const { channel, ts } = thread;
    this.title.textContent = world.label(channel);
    this.composer.move(ts, "Reply…");
    this.feed.draw(`${channel}/${ts}`, channel, world.threadOf(channel, ts), null);
  }

  say(text) {
    const { world } = this.app;
    const { channel, ts } = world.thread;
    const command = /^\/\S+/.exec(text)?.[0];
    if (command) {
      // Slack's own client says this; the bot never hears of it.
      world.notice(channel, `\`${command}\` is not supported in threads. Sorry!`, ts);
      this.draw();
      return true;
    }
    return this.app.send({ type: "say", channel, text, thread_ts: ts });
  }
}
