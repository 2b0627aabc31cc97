-- Files in conversations. uploader: as entries.sender. type: judged by the first bytes. sealed: uploaded whole; nobody sees
-- others. public: named by a message and not a note. expires_at: when it is swept; none once a message or note names it.
CREATE TABLE IF NOT EXISTS files (
  id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  conversation_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  uploader VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(255) NOT NULL,
  type VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size BIGINT NOT NULL,
  sealed BIGINT NOT NULL,
  public BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (id),
  KEY files_conversation (conversation_id),
  KEY files_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What is in them, in pieces of 256 KiB.
CREATE TABLE IF NOT EXISTS file_chunks (
  file_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  n BIGINT NOT NULL,
  data MEDIUMBLOB NOT NULL,
  PRIMARY KEY (file_id, n)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
