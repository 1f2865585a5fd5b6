// The "are you sure" dialog that an element can bring along.

import { el, freshId } from "./dom.js";
import { textNodes, words } from "./text.js";

/** Ask; resolves to true for the confirming button only. Without a `confirm` object it is a yes at once. */
export function confirmed(confirm, world) {
  if (!confirm) return Promise.resolve(true);
  const heading = freshId("confirm");
  const style = confirm.style === "danger" ? "button danger" : "button primary";
  const dialog = el(
    "dialog",
    { class: "confirm", "aria-labelledby": heading },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: heading }, words(confirm.title)),
      el("div", { class: "confirm-text" }, textNodes(confirm.text, world)),
      el(
        "footer",
        {},
        el("button", { class: "button", value: "" }, words(confirm.deny)),
        el("button", { class: style, value: "yes", autofocus: true }, words(confirm.confirm)),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
