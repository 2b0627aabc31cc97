import { describe, expect, it } from "vitest";
import { actionWords, detailWords } from "../../../apps/console/shared/audit-words";

describe("the audit log's words", () => {
  it("has words for what it knows, and leaves the rest readable", () => {
    expect(actionWords("account.deactivated")).toBe("Deactivated an account");
    expect(actionWords("retention.rule_changed")).toBe("Retention rule changed");
  });

  it("tells automations over HTTPS from web hooks that are told what happens", () => {
    expect(actionWords("automation.hook_added")).toBe("Added an automation over HTTPS");
    expect(actionWords("webhook.added")).toBe("Added a web hook");
  });

  it("shows details as pairs, without empty ones, and other text as it is", () => {
    expect(detailWords('{"public":true,"deadline_ms":5000,"teams":[],"name":null}')).toBe(
      "public: yes · deadline ms: 5000",
    );
    expect(detailWords("wrong password")).toBe("wrong password");
    expect(detailWords(null)).toBe("");
    expect(detailWords('{"x":{"y":1}}')).toBe('x: {"y":1}');
  });
});
