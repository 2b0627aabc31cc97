-- Answers that are written down once. keywords: a JSON list. search_key: title, slug and keywords in lower case.
CREATE TABLE IF NOT EXISTS articles (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slug VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(160) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  keywords TEXT NOT NULL,
  search_key TEXT NOT NULL,
  published BIGINT NOT NULL,
  version BIGINT NOT NULL,
  helpful BIGINT NOT NULL,
  unhelpful BIGINT NOT NULL,
  updated_by VARCHAR(80) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY articles_slug (slug),
  KEY articles_title (title, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Whether an article has helped, once for each conversation.
CREATE TABLE IF NOT EXISTS article_votes (
  article_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  helpful BIGINT NOT NULL,
  PRIMARY KEY (article_id, conversation_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
