-- Files in conversations. uploader: as entries.sender. type: judged by the first bytes. sealed: uploaded whole; nobody sees
-- others. public: named by a message and not a note. expires_at: when it is swept; none once a message or note names it.
CREATE TABLE IF NOT EXISTS files (
  id VARCHAR(26) NOT NULL,
  conversation_id VARCHAR(26) NOT NULL,
  uploader VARCHAR(32) NOT NULL,
  name VARCHAR(255) NOT NULL,
  type VARCHAR(32) NOT NULL,
  size BIGINT NOT NULL,
  sealed BIGINT NOT NULL,
  public BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS files_conversation ON files (conversation_id);
CREATE INDEX IF NOT EXISTS files_expires ON files (expires_at);
-- What is in them, in pieces of 256 KiB.
CREATE TABLE IF NOT EXISTS file_chunks (
  file_id VARCHAR(26) NOT NULL,
  n BIGINT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (file_id, n)
);
