import { expect, it } from "vitest";
import { mayReload } from "../../../apps/chat/reload";

it.each([
  ["navigate", true, true],
  ["back_forward", true, true],
  ["reload", true, false],
  ["navigate", false, false],
])("after %s, online %s: %s", (navigation, online, may) => {
  expect(mayReload(navigation, online)).toBe(may);
});
