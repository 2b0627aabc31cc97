-- Guides that admins compose; name is the automation's. published is the version that new runs begin with, 0 for none.
CREATE TABLE IF NOT EXISTS guides (
  name VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  draft MEDIUMTEXT NOT NULL,
  edition BIGINT NOT NULL,
  published BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Every version that was published; runs go on with the one that they began with.
CREATE TABLE IF NOT EXISTS guide_versions (
  name VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  steps MEDIUMTEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What an automation asked to be given back with the next turn of a conversation.
CREATE TABLE IF NOT EXISTS automation_states (
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fence BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
