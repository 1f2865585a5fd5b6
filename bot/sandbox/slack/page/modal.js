// Modals: a stack of views, each in a dialog of its own, the last on top.

import { drawBlocks } from "./blocks.js";
import { el, freshId, icon, keepingFocus } from "./dom.js";
import { Surface } from "./surface.js";
import { plainNodes, words } from "./text.js";
import { problems } from "./validation.js";

/** How long the bot may take before the button works again: Slack's three seconds and the way there and back. */
const PATIENCE = 6000;
const TROUBLE = "We had some trouble connecting. Try again?";

export class Modals {
  constructor(app) {
    this.app = app;
    this.stack = new Map();
  }

  /** Open `view`: on top of the one it names, else in place of all that are open. */
  open(view) {
    if (!view.previous_view_id) this.closeAll();
    this.show(view);
  }

  /** Bring a view up to date. */
  show(view) {
    const open = this.stack.get(view.id) ?? this.build(view);
    open.view = view;
    this.settle(open);
    this.fill(open);
  }

  build(view) {
    const heading = freshId("modal");
    const dialog = el("dialog", { class: "modal", "aria-labelledby": heading });
    const open = {
      view,
      dialog,
      heading,
      surface: new Surface(this.app, { view_id: view.id }),
      waiting: null,
    };
    this.stack.set(view.id, open);
    dialog.addEventListener("cancel", (event) => {
      // Some browsers let a second Escape through whatever this says; `close` then tidies up.
      event.preventDefault();
      this.leave(open);
    });
    dialog.addEventListener("close", () => this.stack.has(open.view.id) && this.leave(open));
    document.body.append(dialog);
    dialog.showModal();
    return open;
  }

  fill(open) {
    const { view, dialog, heading, surface } = open;
    const body = el(
      "div",
      { class: "modal-body", tabindex: "-1" },
      el("p", { class: "form-error", role: "alert", hidden: true }),
      drawBlocks(view.blocks ?? [], { world: this.app.world, surface }),
    );
    const scrolled = dialog.querySelector(".modal-body")?.scrollTop ?? 0;
    const leave = () => this.leave(open);
    const form = el(
      "form",
      {
        novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            this.submit(open);
          },
        },
      },
      el(
        "header",
        {},
        el("span", { class: "avatar tiny app", "aria-hidden": "true" }, icon("bot")),
        el("h2", { id: heading }, plainNodes(view.title ?? {})),
        el(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Close", on: { click: leave } },
          icon("close"),
        ),
      ),
      body,
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button", on: { click: leave } }, words(view.close) || "Close"),
        view.submit &&
          el(
            "button",
            { type: "submit", class: "button primary submit" },
            el("span", {}, words(view.submit)),
          ),
      ),
    );
    const first = !dialog.hasChildNodes();
    keepingFocus(dialog, () => dialog.replaceChildren(form));
    body.scrollTop = scrolled;
    if (first)
      (
        body.querySelector("[autofocus]") ??
        body.querySelector("input, textarea, .picker-button") ??
        body
      ).focus();
  }

  submit(open) {
    const found = problems(open.view.blocks ?? [], open.surface);
    this.showErrors(open, found);
    if (Object.keys(found).length) return;
    const sent = this.app.send({ type: "submit", view_id: open.view.id, state: open.surface.state() });
    if (sent) this.wait(open);
    else this.say(open, TROUBLE);
  }

  wait(open) {
    const button = open.dialog.querySelector(".submit");
    // A form whose button is off is not sent by Enter either.
    button.disabled = true;
    button.classList.add("busy");
    open.waiting = setTimeout(() => {
      this.settle(open);
      this.say(open, TROUBLE);
    }, PATIENCE);
  }

  settle(open) {
    clearTimeout(open.waiting);
    open.waiting = null;
    const button = open.dialog.querySelector(".submit");
    if (!button) return;
    button.disabled = false;
    button.classList.remove("busy");
  }

  /** Say what is wrong with an open view; `errors` goes by block_id. */
  errors({ view_id: id, errors }) {
    const open = this.stack.get(id);
    if (!open) return;
    this.settle(open);
    this.showErrors(open, errors ?? {});
  }

  showErrors(open, errors) {
    const homeless = { ...errors };
    for (const block of open.dialog.querySelectorAll("[data-block]")) {
      const note = block.querySelector(".field-error");
      const text = errors[block.dataset.block];
      if (!note) continue;
      delete homeless[block.dataset.block];
      note.id ||= freshId("error");
      note.hidden = !text;
      note.textContent = text ?? "";
      block.classList.toggle("wrong", Boolean(text));
      for (const field of block.querySelectorAll("input, textarea, .picker-button"))
        mark(field, text ? note.id : null);
    }
    this.say(open, Object.values(homeless).join(" "));
    open.dialog.querySelector(".wrong")?.scrollIntoView({ block: "nearest" });
    open.dialog.querySelector(".wrong :is(input, textarea, .picker-button)")?.focus({ preventScroll: true });
  }

  say(open, text) {
    const note = open.dialog.querySelector(".form-error");
    note.hidden = !text;
    note.textContent = text;
  }

  /** Show the bot's trouble in the modal on top; false when none is open. */
  complain(text) {
    const top = [...this.stack.values()].at(-1);
    if (!top) return false;
    this.settle(top);
    this.say(top, text);
    return true;
  }

  leave(open) {
    this.app.send({ type: "close", view_id: open.view.id });
    this.closed(open.view.id);
  }

  closed(id) {
    const open = this.stack.get(id);
    if (!open) return;
    clearTimeout(open.waiting);
    this.stack.delete(id);
    open.dialog.close();
    open.dialog.remove();
  }

  /** The line went dead: nothing that was asked will be answered. */
  interrupted() {
    for (const open of this.stack.values()) {
      if (!open.waiting) continue;
      this.settle(open);
      this.say(open, TROUBLE);
    }
  }

  closeAll() {
    for (const id of [...this.stack.keys()].reverse()) this.closed(id);
  }
}

function mark(field, errorId) {
  if (errorId) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", errorId);
  } else {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}
