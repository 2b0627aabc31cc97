-- Rules in their order. body is what the rule is: its trigger, conditions and actions, as JSON.
CREATE TABLE IF NOT EXISTS rules (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  is_on BIGINT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What became of rules that were looked at. One of each occurrence: what makes a rule fire once is the unique key.
CREATE TABLE IF NOT EXISTS rule_runs (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rule_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  occurrence VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fired BIGINT NOT NULL,
  detail MEDIUMTEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY rule_runs_once (conversation_id, rule_id, occurrence),
  KEY rule_runs_conversation (conversation_id, fired, at),
  KEY rule_runs_rule (rule_id, id),
  KEY rule_runs_at (at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
