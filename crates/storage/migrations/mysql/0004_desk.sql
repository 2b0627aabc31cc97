-- Texts that agents send again and again. holder: empty for everybody's, else the id of the team or of the agent.
CREATE TABLE IF NOT EXISTS canned_replies (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shortcut VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY canned_replies_shortcut (scope, holder, shortcut)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Which agent a visitor knows: the last one who had a conversation of theirs.
CREATE TABLE IF NOT EXISTS known_agents (
  visitor_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (visitor_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
