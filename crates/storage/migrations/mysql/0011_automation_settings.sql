-- How an automation is used, where an admin has said more than whether it is active, public and how long it has; hours are
-- JSON, its own, or those of hours_team, or when that team is closed.
CREATE TABLE IF NOT EXISTS automation_rules (
  name VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  concurrency BIGINT NOT NULL,
  handoff_team VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  hours TEXT,
  hours_team VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  hours_closed BIGINT NOT NULL,
  outside VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
