-- Which conversations have a tag, for lists of these; the tags themselves are in conversations.tags.
CREATE TABLE IF NOT EXISTS conversation_tags (
  tag VARCHAR(40) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  PRIMARY KEY (tag, conversation_id)
);
INSERT OR IGNORE INTO conversation_tags (tag, conversation_id) SELECT j.value, c.id FROM conversations c JOIN json_each(c.tags) j WHERE c.tags <> '[]';
-- Lists of conversations that agents look at again and again. holder: empty for everybody's, else the agent's id; filter is
-- JSON; keeper is who may change it.
CREATE TABLE IF NOT EXISTS saved_views (
  id VARCHAR(26) NOT NULL,
  holder VARCHAR(26) NOT NULL,
  name VARCHAR(80) NOT NULL,
  filter TEXT NOT NULL,
  keeper_id VARCHAR(26) NOT NULL,
  keeper_name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS saved_views_name ON saved_views (holder, name);
-- The index of what was written. How far it has come in each conversation.
CREATE TABLE IF NOT EXISTS search_marks (
  conversation_id VARCHAR(26) NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (conversation_id)
);
-- Which message or note each number of the index stands for.
CREATE TABLE IF NOT EXISTS search_lines (
  n BIGINT NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (n)
);
CREATE INDEX IF NOT EXISTS search_lines_conversation ON search_lines (conversation_id);
-- Which lines of a page of 4,096 have a word: two characters for each line.
CREATE TABLE IF NOT EXISTS search_words (
  page BIGINT NOT NULL,
  word VARCHAR(32) NOT NULL,
  places TEXT NOT NULL,
  PRIMARY KEY (page, word)
) WITHOUT ROWID;
INSERT OR IGNORE INTO meta (name, value) VALUES ('search_next', '0');
