//! Databases, dice and rows for the tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use switchboard_domain::{
    Account, AccountId, Author, AuthorKind, Conversation, ConversationId, Entry, EntryId, EntryKind, Millis,
    Rng, Role, TokenHash, VisitorId,
};
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{Options, Store, account, conversation, visitor};
use switchboard_testkit::{Database, MariaDb, TempDir};

/// The hour of all tests.
pub const NOW: Millis = 1_700_000_000_000;

/// Dice that never repeat themselves.
pub struct Dice;

impl Rng for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64: distinct inputs give distinct outputs.
            let mut z = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A database that vanishes with the test.
pub struct Fixture {
    pub database: Database,
    pub store: Store,
    _folder: TempDir,
}

impl Fixture {
    pub async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let database = Database::Sqlite(folder.join("a b.db"));
        Self::over(database, folder).await
    }

    pub async fn mariadb() -> Self {
        let database = tokio::task::spawn_blocking(Database::mariadb).await.unwrap().unwrap();
        Self::over(database, TempDir::new().unwrap()).await
    }

    /// On a server that no other test speaks to.
    pub async fn mariadb_alone() -> Self {
        let start = || {
            let server = Arc::new(MariaDb::start()?);
            server.database().map(|url| Database::MariaDb(server, url))
        };
        let database = tokio::task::spawn_blocking(start).await.unwrap().unwrap();
        Self::over(database, TempDir::new().unwrap()).await
    }

    async fn over(database: Database, folder: TempDir) -> Self {
        let store = Store::open(&database.url(), Options::default()).await.unwrap();
        Self { database, store, _folder: folder }
    }

    pub async fn migrated(self) -> Self {
        self.store.migrate(NOW, &Dice).await.unwrap();
        self
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.database, Database::Sqlite(_))
    }

    pub fn sql(&self, statements: &str) -> String {
        self.database.sql(statements).unwrap()
    }
}

/// Makes each function a test on both databases; the function gets a migrated database.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::fixture::Fixture::sqlite().await.migrated().await).await;
            }
        )+}
        mod mariadb {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::fixture::Fixture::mariadb().await.migrated().await).await;
            }
        )+}
    };
}
pub(crate) use both;

pub fn an_account(username: &str, role: Role) -> Account {
    Account {
        id: AccountId::random(&Dice),
        username: username.to_owned(),
        display_name: format!("{username} 🦀 Øst"),
        role,
        active: true,
        must_change_password: false,
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into(),
        capacity: 4,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub async fn add_account(store: &Store, username: &str, role: Role) -> Account {
    let account = an_account(username, role);
    let mut tx = store.write().await.unwrap();
    account::insert(&mut tx, &account).await.unwrap();
    tx.commit().await.unwrap();
    account
}

pub async fn add_visitor(store: &Store) -> Visitor {
    let id = VisitorId::random(&Dice);
    let visitor = Visitor {
        token: TokenHash::of(id.as_str()),
        id,
        name: Some("Noor".into()),
        email: None,
        locale: Some("nl-NL".into()),
        page: None,
        inbox: None,
        verified: false,
        created_at: NOW,
        last_seen_at: NOW,
        banned_until: None,
    };
    let mut tx = store.write().await.unwrap();
    visitor::insert(&mut tx, &visitor).await.unwrap();
    tx.commit().await.unwrap();
    visitor
}

/// A conversation that is not stored yet.
pub fn a_conversation() -> Conversation {
    Conversation::new(ConversationId::timed(NOW, &Dice), VisitorId::random(&Dice), "Noor".into(), NOW)
}

pub async fn add(store: &Store, conversations: &[Conversation]) {
    let mut tx = store.write().await.unwrap();
    conversation::insert(&mut tx, conversations).await.unwrap();
    tx.commit().await.unwrap();
}

pub fn an_entry(conversation: &ConversationId, seq: i64) -> Entry {
    Entry {
        conversation: conversation.clone(),
        seq,
        id: EntryId::timed(NOW + seq, &Dice),
        at: NOW + seq,
        kind: EntryKind::Message,
        public: true,
        public_before: seq - 1,
        author: Author { kind: AuthorKind::Visitor, id: Some("V1".into()), name: "Noor".into() },
        body: format!(r#"{{"text":"entry {seq}"}}"#),
        client: None,
    }
}
