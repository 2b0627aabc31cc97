-- Which conversations have a tag, for lists of these; the tags themselves are in conversations.tags.
CREATE TABLE IF NOT EXISTS conversation_tags (
  tag VARCHAR(40) NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (tag, conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT IGNORE INTO conversation_tags (tag, conversation_id) SELECT j.tag, c.id FROM conversations c JOIN JSON_TABLE(c.tags, '$[*]' COLUMNS (tag VARCHAR(40) CHARACTER SET utf8mb4 PATH '$')) j WHERE c.tags <> '[]';
-- Lists of conversations that agents look at again and again. holder: empty for everybody's, else the agent's id; filter is
-- JSON; keeper is who may change it.
CREATE TABLE IF NOT EXISTS saved_views (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(80) NOT NULL,
  filter TEXT NOT NULL,
  keeper_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  keeper_name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY saved_views_name (holder, name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- The index of what was written. How far it has come in each conversation.
CREATE TABLE IF NOT EXISTS search_marks (
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Which message or note each number of the index stands for.
CREATE TABLE IF NOT EXISTS search_lines (
  n BIGINT NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (n),
  KEY search_lines_conversation (conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Which lines of a page of 4,096 have a word: two characters for each line.
CREATE TABLE IF NOT EXISTS search_words (
  page BIGINT NOT NULL,
  word VARCHAR(32) NOT NULL,
  places TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (page, word)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT IGNORE INTO meta (name, value) VALUES ('search_next', '0');
