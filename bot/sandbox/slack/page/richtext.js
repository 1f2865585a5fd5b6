// rich_text blocks: sections, lists, quotes and preformatted text with their styles.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { channel, date, link, mention } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

const LEAVES = {
  text: (leaf) => lines(leaf.text),
  emoji: (leaf) => emoji(leaf.name),
  link: (leaf) => installs(leaf) ?? link(leaf.url, leaf.text || leaf.url),
  user: (leaf, world) => mention(leaf.user_id, world),
  channel: (leaf, world) => channel(leaf.channel_id, world),
  usergroup: (leaf) => el("span", { class: "mention" }, `@${leaf.usergroup_id}`),
  broadcast: (leaf) => el("span", { class: "mention me" }, `@${leaf.range}`),
  color: (leaf) => document.createTextNode(leaf.value),
  date: (leaf) => {
    const url = leaf.url ? `^${leaf.url}` : "";
    return date(`!date^${leaf.timestamp}^${leaf.format}${url}`, leaf.fallback ?? "");
  },
};

/** A link that an iPhone installs an app by; Slack makes links of these here alone, not in mrkdwn. */
function installs({ url, text }) {
  return url.startsWith("itms-services://?") ? el("a", { href: url, title: url }, text || url) : null;
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

function leaf(node, world) {
  const make = LEAVES[node.type];
  if (!make) return document.createTextNode(node.text ?? "");
  return Object.entries(STYLES).reduce(
    (inner, [style, tag]) => (node.style?.[style] ? el(tag, {}, inner) : inner),
    make(node, world),
  );
}

const leaves = (part, world) => (part.elements ?? []).map((node) => leaf(node, world));

const PARTS = {
  rich_text_section: (part, world) => el("div", { class: "rich-section" }, leaves(part, world)),
  rich_text_quote: (part, world) => el("blockquote", {}, leaves(part, world)),
  rich_text_preformatted: (part, world) => el("pre", { class: "code" }, leaves(part, world)),
  rich_text_list: (part, world) => {
    const list = el(
      part.style === "ordered" ? "ol" : "ul",
      { class: `indent-${Math.min(part.indent ?? 0, 5)}`, start: part.offset ? part.offset + 1 : null },
      (part.elements ?? []).map((item) => el("li", {}, leaves(item, world))),
    );
    return list;
  },
};

export function richText(block, world) {
  return el(
    "div",
    { class: "rich-text" },
    (block.elements ?? []).map((part) => PARTS[part.type]?.(part, world)),
  );
}
