// Block Kit: every block of messages, modals and App Home as nodes.

import { el, freshId } from "./dom.js";
import { drawElement, picture } from "./elements.js";
import { richText } from "./richtext.js";
import { plainNodes, textNodes, words } from "./text.js";

const BLOCKS = {
  header: (block) => el("h3", { class: "block header" }, plainNodes(block.text)),
  divider: () => el("hr", { class: "block" }),
  rich_text: (block, { world }) => richText(block, world),
  section,
  context,
  actions: (block, at) =>
    el(
      "div",
      { class: "block actions" },
      block.elements.map((element) => drawElement(element, block, at)),
    ),
  image,
  input,
  table,
};

/** Draw `blocks` for a surface; answers already given to fields that are still there stay. */
export function drawBlocks(blocks, { world, surface }) {
  surface.restart();
  return blocks.map((block, index) => {
    const draw = BLOCKS[block.type];
    const named = { ...block, block_id: block.block_id || `block-${index}` };
    const node = draw
      ? draw(named, { world, surface })
      : el("p", { class: "block unknown" }, `A block of the kind “${block.type}” cannot be shown here.`);
    node.dataset.block = named.block_id;
    return node;
  });
}

function section(block, at) {
  const body = el("div", { class: "section-body" });
  if (block.text) body.append(el("div", { class: "section-text" }, textNodes(block.text, at.world)));
  if (block.fields) {
    body.append(
      el(
        "div",
        { class: "fields" },
        block.fields.map((field) => el("div", {}, textNodes(field, at.world))),
      ),
    );
  }
  const accessory =
    block.accessory && el("div", { class: "accessory" }, drawElement(block.accessory, block, at));
  return el("div", { class: "block section" }, body, accessory);
}

function context(block, { world }) {
  return el(
    "div",
    { class: "block context" },
    block.elements.map((element) =>
      element.type === "image"
        ? picture(element, "context-image")
        : el("span", {}, textNodes(element, world)),
    ),
  );
}

function image(block) {
  return el(
    "figure",
    { class: "block image" },
    block.title && el("figcaption", {}, plainNodes(block.title)),
    picture({ image_url: block.image_url ?? block.slack_file?.url, alt_text: block.alt_text }, "picture"),
  );
}

/** A labelled field with room for its error, which modal.js fills in. */
function input(block, at) {
  const id = freshId("field");
  const label = words(block.label);
  const several = ["checkboxes", "radio_buttons"].includes(block.element.type);
  return el(
    "div",
    { class: "block input" },
    el(
      several ? "div" : "label",
      { class: "label", for: several ? null : id },
      plainNodes(block.label ?? {}),
      block.optional && el("span", { class: "optional" }, " (optional)"),
    ),
    drawElement(block.element, block, at, { label, id }),
    el("p", { class: "field-error", role: "alert", hidden: true }),
    block.hint && el("p", { class: "field-hint" }, plainNodes(block.hint)),
  );
}

function table(block, { world }) {
  const [head = [], ...rows] = block.rows;
  const align = (index) => ({
    class: { right: "right", center: "center" }[block.column_settings?.[index]?.align] ?? null,
  });
  const cells = (row, tag) =>
    el(
      "tr",
      {},
      row.map((cell, index) => el(tag, align(index), cellNodes(cell, world))),
    );
  return el(
    "div",
    { class: "block table" },
    el(
      "table",
      {},
      el("thead", {}, cells(head, "th")),
      el(
        "tbody",
        {},
        rows.map((row) => cells(row, "td")),
      ),
    ),
  );
}

function cellNodes(cell, world) {
  return cell.type === "rich_text"
    ? richText(cell, world)
    : document.createTextNode(cell.text ?? String(cell.value ?? ""));
}
