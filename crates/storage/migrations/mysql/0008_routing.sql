-- How a team works, where an admin has said more than its name; hours are JSON.
CREATE TABLE IF NOT EXISTS team_rules (
  team_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hours TEXT,
  widen_s BIGINT NOT NULL,
  silent_s BIGINT NOT NULL,
  overflow_team VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  overflow_s BIGINT NOT NULL,
  PRIMARY KEY (team_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What agents are good for.
CREATE TABLE IF NOT EXISTS agent_skills (
  account_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  skill VARCHAR(80) NOT NULL,
  PRIMARY KEY (account_id, skill)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Teams that are deleted and still have conversations; heir is the team that gets these, or nobody: then they are everybody's.
CREATE TABLE IF NOT EXISTS lost_teams (
  team_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  heir VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  PRIMARY KEY (team_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
