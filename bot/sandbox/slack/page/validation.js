// What Slack's own client checks in a form before the bot sees it.

const REQUIRED = "Please complete this required field.";
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Find what is wrong with the answers: {block_id: sentence}. */
export function problems(blocks, surface) {
  const found = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const answer = surface.current({ block_id: block.block_id, action_id: block.element.action_id });
    const value = given(answer);
    const problem = value === null ? !block.optional && REQUIRED : checked(block.element, value);
    if (problem) found[block.block_id] = problem;
  }
  return found;
}

function given(answer) {
  const { type: _, ...rest } = answer ?? {};
  const value = Object.values(rest)[0] ?? null;
  const blank =
    value === "" || (typeof value === "string" && !value.trim()) || (Array.isArray(value) && !value.length);
  return blank ? null : value;
}

function checked(element, value) {
  switch (element.type) {
    case "plain_text_input":
      if (value.length < (element.min_length ?? 0))
        return `Must be at least ${element.min_length} characters.`;
      return value.length > (element.max_length ?? 3000)
        ? `Must be at most ${element.max_length ?? 3000} characters.`
        : null;
    case "number_input":
      return wrongNumber(element, value);
    case "email_text_input":
      return EMAIL.test(value) ? null : "Must be an email address.";
    case "url_text_input":
      return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value) ? null : "Must be a URL.";
    default:
      return null;
  }
}

function wrongNumber(element, value) {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return "Must be a number.";
  if (!element.is_decimal_allowed && value.includes(".")) return "Must be a whole number.";
  if (element.min_value !== undefined && Number(value) < Number(element.min_value))
    return `Must be at least ${element.min_value}.`;
  if (element.max_value !== undefined && Number(value) > Number(element.max_value))
    return `Must be at most ${element.max_value}.`;
  return null;
}
