// A Block Kit text object, plain or mrkdwn, as nodes.

import { emoji, hasEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

export function textNodes(text, world) {
  if (!text) return [];
  if (typeof text === "string") return [document.createTextNode(text)];
  return text.type === "mrkdwn" ? mrkdwn(text.text, world) : plainNodes(text);
}

/** Plain text knows emoji and nothing else. */
export function plainNodes({ text = "", emoji: wanted = true }) {
  if (!wanted) return [document.createTextNode(text)];
  return text
    .split(/(:[a-z0-9_+'-]+:)/)
    .filter(Boolean)
    .map((part) => {
      const name = part.slice(1, -1);
      return part.startsWith(":") && hasEmoji(name) ? emoji(name) : document.createTextNode(part);
    });
}

/** The words alone, for labels that cannot hold nodes. */
export const words = (text) => (typeof text === "string" ? text : (text?.text ?? ""));
