import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { whileShown } from "../../../apps/console/shared/while-shown";

describe("looking again and again", () => {
  let hidden = false;
  beforeEach(() => {
    hidden = false;
    vi.useFakeTimers();
    vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("rests while the page is not shown, and ends", () => {
    const look = vi.fn(() => Promise.resolve());
    const end = whileShown(1_000, look);
    expect(look).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(2_000);
    expect(look).toHaveBeenCalledTimes(3);
    hidden = true;
    vi.advanceTimersByTime(5_000);
    expect(look).toHaveBeenCalledTimes(3);
    hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
    expect(look).toHaveBeenCalledTimes(4);
    end();
    vi.advanceTimersByTime(5_000);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(look).toHaveBeenCalledTimes(4);
  });
});
