import { GuardedRouter } from "$lib/router/guarded.svelte";

/** The console's addresses, all below `/console`. Which of them a role has is its shell's matter. */
export const router = new GuardedRouter(
  {
    home: "/",
    inbox: "/inbox",
    conversation: "/inbox/:id",
    mentions: "/mentions",
    profile: "/profile",
    admins: "/admins",
    agents: "/agents",
    teams: "/teams",
    automations: "/automations",
    canned: "/canned",
    guides: "/guides",
    articles: "/articles",
    now: "/now",
    watch: "/watch/:id",
    reports: "/reports",
    audit: "/audit",
    system: "/system",
    visitors: "/visitors",
    bans: "/bans",
    settings: "/settings",
    webhooks: "/webhooks",
    rules: "/rules",
  },
  "/console",
);
