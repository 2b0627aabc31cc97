import { staffApi, type ConversationView } from "$lib/api/staff";
import type { SavedView, ViewFilter } from "$lib/api/types";
import { session } from "../shared/session.svelte";
import type { Filter, ListStatus } from "./inbox-list.svelte";

/** The views that this agent and others have saved. */
export class SavedViews {
  items = $state.raw<readonly SavedView[]>([]);
  failed = $state(false);

  async load(): Promise<void> {
    try {
      this.items = (await session.guard(staffApi.views())).items;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  /** The one that shows just this. */
  of(filter: Filter): SavedView | undefined {
    const wanted = JSON.stringify(filter);
    return this.items.find((view) => JSON.stringify(shownBy(view.filter)) === wanted);
  }

  async add(name: string, forAll: boolean, filter: Filter): Promise<void> {
    const scope = forAll ? "all" : "own";
    await session.guard(staffApi.addView({ name, scope, filter: saved(filter) }));
    await this.load();
  }

  async rename(view: SavedView, name: string): Promise<void> {
    await session.guard(staffApi.changeView(view.id, { name }));
    await this.load();
  }

  async delete(view: SavedView): Promise<void> {
    await session.guard(staffApi.deleteView(view.id));
    await this.load();
  }
}

/** What a list shows, as it is saved. */
export function saved(filter: Filter): ViewFilter {
  const { view, status, q, tag, team } = filter;
  return { view, status, ...(q ? { q } : {}), ...(tag ? { tag } : {}), ...(team ? { team } : {}) };
}

/** What a saved view shows; what this version does not know is left out. */
export function shownBy(filter: ViewFilter): Filter {
  const view: ConversationView = filter.view === "mine" || filter.view === "queue" ? filter.view : "all";
  const status: ListStatus =
    view !== "queue" && (filter.status === "snoozed" || filter.status === "resolved")
      ? filter.status
      : "open";
  return { view, status, q: filter.q ?? "", tag: filter.tag ?? "", team: filter.team ?? "" };
}
