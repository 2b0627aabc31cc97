import { translator } from "$lib/i18n/translator";

/** Words about how the installation is. */
const en = {
  system: "System",
  systemText: "Database, bus and nodes as they are now. It is renewed every ten seconds.",
  allWell: "Everything is well.",
  dbmgrsNone:
    "No database manager says that it is alive: new messages come late. Look into the logs of dbmgr.",
  busTrouble: "The bus is away: {why}. What happens on other nodes comes late.",
  notDurable:
    "The database is set up so that a crash of its server can lose what it has acknowledged: see innodb_flush_log_at_trx_commit and sync_binlog in its configuration.",
  versions: "The nodes run different versions. That is right only during an upgrade.",
  database: "Database",
  kind_sqlite: "SQLite",
  kind_mysql: "MySQL or MariaDB",
  bus: "Bus",
  busUp: "Connected",
  busDown: "Away",
  dbmgrs: "Database managers",
  version: "Version",
  visitors: "Sockets of visitors",
  agents: "Sockets of agents",
  nodes: "Nodes",
  node: "Node",
  since: "Started",
  answered: "{ms} ms",
  stale: "This is as it was {time}.",
} as const;

/** Text about the system. */
export const st = translator(en);
