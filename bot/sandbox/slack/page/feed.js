// A column of messages that redraws only what changed and stays at its end while new ones come.

import { dateOf, day } from "./dates.js";
import { el, icon, keepingFocus } from "./dom.js";
import { drawMessage } from "./messages.js";

const CLOSE_TOGETHER = 5 * 60;
const NEAR_END = 60;

export class Feed {
  constructor(root, app, { inThread = false } = {}) {
    this.root = root;
    this.app = app;
    this.inThread = inThread;
    this.rows = new Map();
    this.shown = null;
    this.pill = el(
      "button",
      { type: "button", class: "new-pill", hidden: true, on: { click: () => this.toEnd() } },
      icon("arrow-down"),
      "New messages",
    );
    // Pictures, wrapping and the window change heights after drawing; the end should stay in sight.
    this.inner = el("div", { class: "feed-inner" });
    const resized = new ResizeObserver(() => this.sticky && this.toEnd());
    resized.observe(this.inner);
    resized.observe(root);
    this.sticky = true;
    root.addEventListener("scroll", () => this.scrolled());
    root.replaceChildren(this.inner, this.pill);
  }

  atEnd() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR_END;
  }

  toEnd() {
    this.sticky = true;
    this.root.scrollTop = this.root.scrollHeight;
    this.size = this.sizes();
  }

  sizes() {
    return [this.root.clientWidth, this.root.clientHeight, this.root.scrollHeight].join();
  }

  // A change of size scrolls, too; only people scroll away from the end without one.
  scrolled() {
    if (this.atEnd()) {
      this.sticky = true;
      this.pill.hidden = true;
    } else if (this.size === this.sizes()) this.sticky = false;
    this.size = this.sizes();
  }

  /** Show `messages` of `channel` under `opening`; `id` says which column this is, so that another starts afresh. */
  draw(id, channel, messages, opening) {
    const fresh = this.shown !== id;
    if (fresh) {
      this.rows.clear();
      this.shown = id;
      this.sticky = true;
      this.pill.hidden = true;
    }
    const before = this.rows.size;
    keepingFocus(this.root, () => this.lay(opening, this.nodesOf(channel, messages)));
    if (this.sticky) this.toEnd();
    else if (this.rows.size > before && messages.at(-1)?.user !== this.app.world.me) this.pill.hidden = false;
    else if (this.rows.size > before) this.toEnd();
  }

  /** Forget what is drawn: names or the person looking have changed. */
  forget() {
    this.rows.clear();
  }

  nodesOf(channel, messages) {
    const rows = new Map();
    const nodes = [];
    let last = null;
    for (const message of messages) {
      const today = day(dateOf(message.ts));
      if (!this.inThread && today !== (last && day(dateOf(last.ts)))) nodes.push(this.divider(today));
      const compact = this.follows(last, message);
      const replies = this.app.world.replyCount(channel, message);
      // A reply that is sent to the channel as well shows how its thread begins.
      const parent = message.subtype && this.app.world.of(channel).get(message.thread_ts);
      const old = this.rows.get(message.ts);
      const same =
        old &&
        old.message === message &&
        old.parent === parent &&
        old.compact === compact &&
        old.replies === replies;
      const row = same
        ? old
        : {
            message,
            parent,
            compact,
            replies,
            node: drawMessage(message, { app: this.app, channel, compact, inThread: this.inThread }),
          };
      if (!old && this.rows.size) row.node.classList.add("arrived");
      rows.set(message.ts, row);
      nodes.push(row.node);
      if (this.inThread && message === messages[0]) nodes.push(this.divider(counted(replies)));
      last = message;
    }
    this.rows = rows;
    return nodes;
  }

  follows(last, message) {
    if (
      !last ||
      last.is_ephemeral ||
      message.is_ephemeral ||
      message.subtype ||
      last.subtype ||
      (this.inThread && last.ts === message.thread_ts)
    )
      return false;
    const [one, other] = [last, message].map((each) => this.app.world.author(each));
    return (
      one.name === other.name &&
      one.kind === other.kind &&
      Number(message.ts) - Number(last.ts) < CLOSE_TOGETHER
    );
  }

  divider(text) {
    return el("div", { class: "day", role: "separator", "aria-label": text }, el("span", {}, text));
  }

  // Nodes that stay are not touched: moving them would lose scrolling, focus and running animations.
  lay(opening, nodes) {
    const wanted = [opening, ...nodes].filter(Boolean);
    const keep = new Set(wanted);
    for (const node of [...this.inner.childNodes]) if (!keep.has(node)) node.remove();
    let at = this.inner.firstChild;
    for (const node of wanted) {
      if (node === at) at = at.nextSibling;
      else this.inner.insertBefore(node, at);
    }
  }
}

const counted = (count) => (count ? `${count} ${count === 1 ? "reply" : "replies"}` : "No replies yet");
