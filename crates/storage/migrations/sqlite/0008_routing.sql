-- How a team works, where an admin has said more than its name; hours are JSON.
CREATE TABLE IF NOT EXISTS team_rules (
  team_id VARCHAR(26) NOT NULL,
  hours TEXT,
  widen_s BIGINT NOT NULL,
  silent_s BIGINT NOT NULL,
  overflow_team VARCHAR(26),
  overflow_s BIGINT NOT NULL,
  PRIMARY KEY (team_id)
);
-- What agents are good for.
CREATE TABLE IF NOT EXISTS agent_skills (
  account_id VARCHAR(26) NOT NULL,
  skill VARCHAR(80) NOT NULL,
  PRIMARY KEY (account_id, skill)
);
-- Teams that are deleted and still have conversations; heir is the team that gets these, or nobody: then they are everybody's.
CREATE TABLE IF NOT EXISTS lost_teams (
  team_id VARCHAR(26) NOT NULL,
  heir VARCHAR(26),
  PRIMARY KEY (team_id)
);
