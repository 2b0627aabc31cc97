-- Answers that are written down once. keywords: a JSON list. search_key: title, slug and keywords in lower case.
CREATE TABLE IF NOT EXISTS articles (
  id VARCHAR(26) NOT NULL,
  slug VARCHAR(80) NOT NULL,
  title VARCHAR(160) NOT NULL,
  body TEXT NOT NULL,
  language VARCHAR(35) NOT NULL,
  keywords TEXT NOT NULL,
  search_key TEXT NOT NULL,
  published BIGINT NOT NULL,
  version BIGINT NOT NULL,
  helpful BIGINT NOT NULL,
  unhelpful BIGINT NOT NULL,
  updated_by VARCHAR(80) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS articles_slug ON articles (slug);
CREATE INDEX IF NOT EXISTS articles_title ON articles (title, id);
-- Whether an article has helped, once for each conversation.
CREATE TABLE IF NOT EXISTS article_votes (
  article_id VARCHAR(26) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  helpful BIGINT NOT NULL,
  PRIMARY KEY (article_id, conversation_id)
);
