-- Guides that admins compose; name is the automation's. published is the version that new runs begin with, 0 for none.
CREATE TABLE IF NOT EXISTS guides (
  name VARCHAR(26) NOT NULL,
  draft TEXT NOT NULL,
  edition BIGINT NOT NULL,
  published BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (name)
);
-- Every version that was published; runs go on with the one that they began with.
CREATE TABLE IF NOT EXISTS guide_versions (
  name VARCHAR(26) NOT NULL,
  version BIGINT NOT NULL,
  steps TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);
-- What an automation asked to be given back with the next turn of a conversation.
CREATE TABLE IF NOT EXISTS automation_states (
  conversation_id VARCHAR(26) NOT NULL,
  fence BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (conversation_id)
);
