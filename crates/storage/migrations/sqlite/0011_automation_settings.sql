-- How an automation is used, where an admin has said more than whether it is active, public and how long it has; hours are
-- JSON, its own, or those of hours_team, or when that team is closed.
CREATE TABLE IF NOT EXISTS automation_rules (
  name VARCHAR(26) NOT NULL,
  concurrency BIGINT NOT NULL,
  handoff_team VARCHAR(26),
  hours TEXT,
  hours_team VARCHAR(26),
  hours_closed BIGINT NOT NULL,
  outside VARCHAR(16) NOT NULL,
  PRIMARY KEY (name)
);
