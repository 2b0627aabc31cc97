-- What reports know of each conversation: when it took which step, and who had it. In a table of its own, so that a
-- report reads neither messages nor states, and outlives them.
CREATE TABLE IF NOT EXISTS conversation_facts (
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  started_at BIGINT NOT NULL,
  queued_at BIGINT,
  assigned_at BIGINT,
  replied_at BIGINT,
  replied_by VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  resolved_at BIGINT,
  open BIGINT NOT NULL,
  left_at BIGINT,
  team_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  agent_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  agent_name VARCHAR(255),
  automation VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin,
  rating BIGINT,
  PRIMARY KEY (conversation_id),
  KEY conversation_facts_started (started_at, conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
