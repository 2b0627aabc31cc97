//! The database: one SQL body for SQLite, MySQL and MariaDB; a file per noun.
