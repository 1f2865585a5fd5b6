// The square in front of a name: initials on the person's colour, a sign for apps and for Slackbot.

import { el, icon } from "./dom.js";

const SIGNS = { app: "bot", slackbot: "slash" };
const HEX = /^#?([0-9a-f]{6})$/i;

export function initials(name) {
  const parts = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return letters.map((part) => [...part][0].toUpperCase()).join("") || "?";
}

/** `who` is what `World.author` gives. */
export function avatar(who, className = "avatar") {
  const node = el("span", { class: `${className} ${who.kind}`, "aria-hidden": "true" });
  if (who.kind === "person") {
    const color = HEX.exec(who.color ?? "");
    if (color) node.style.backgroundColor = `#${color[1]}`;
    node.append(initials(who.name));
  } else node.append(icon(SIGNS[who.kind]));
  return node;
}

export const avatarOf = (user, className) =>
  avatar(
    { name: user.real_name || user.name, color: user.color, kind: user.is_bot ? "app" : "person" },
    className,
  );
