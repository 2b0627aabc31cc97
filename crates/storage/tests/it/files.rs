//! Files: piece by piece and byte for byte, kept once they are named, swept when nobody names them.

use crate::fixture::{Dice, Fixture, NOW, both};
use switchboard_domain::file::FileKind;
use switchboard_domain::limits::FILE_CHUNK_BYTES;
use switchboard_domain::{ConversationId, FileId};
use switchboard_storage::file::{self, File};

both!(
    pieces_come_back_byte_for_byte,
    what_is_named_stays_and_what_is_not_is_swept,
    a_conversations_bytes_are_added_up,
);

fn a_file(conversation: &ConversationId) -> File {
    File {
        id: FileId::timed(NOW, &Dice),
        conversation: conversation.clone(),
        uploader: "v1".into(),
        name: "Katze 🦀 \"q\" 'a'.png".into(),
        kind: FileKind::Png,
        size: 3,
        sealed: false,
        public: false,
        created_at: NOW,
        expires_at: Some(NOW + 10),
    }
}

async fn pieces_come_back_byte_for_byte(f: Fixture) {
    let mut made = a_file(&ConversationId::random(&Dice));
    let whole: Vec<u8> = (0..=255).cycle().take(FILE_CHUNK_BYTES).collect();
    let mut tx = f.store.write().await.unwrap();
    file::insert(&mut tx, &made).await.unwrap();
    file::add_piece(&mut tx, &made.id, 0, &whole).await.unwrap();
    file::add_piece(&mut tx, &made.id, 1, b"\0'\\").await.unwrap();
    made.size = 262_147;
    made.sealed = true;
    made.expires_at = Some(NOW + 20);
    file::grow(&mut tx, &made).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = f.store.write().await.unwrap();
    assert_eq!(file::get(&mut tx, &made.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(file::lock(&mut tx, &made.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(file::piece(&mut tx, &made.id, 0).await.unwrap(), Some(whole));
    assert_eq!(file::piece(&mut tx, &made.id, 1).await.unwrap().as_deref(), Some(&b"\0'\\"[..]));
    assert_eq!(file::piece(&mut tx, &made.id, 2).await.unwrap(), None);
    assert!(file::add_piece(&mut tx, &made.id, 1, b"other").await.is_err(), "a piece is written once");
}

async fn what_is_named_stays_and_what_is_not_is_swept(f: Fixture) {
    let conversation = ConversationId::random(&Dice);
    let mut all: Vec<File> = (0..4).map(|_| a_file(&conversation)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<FileId> = all.iter().map(|file| file.id.clone()).collect();
    let mut tx = f.store.write().await.unwrap();
    for file in &all {
        file::insert(&mut tx, file).await.unwrap();
        file::add_piece(&mut tx, &file.id, 0, b"abc").await.unwrap();
    }
    file::keep(&mut tx, &ids[..1], true).await.unwrap();
    file::keep(&mut tx, &ids[1..2], false).await.unwrap();
    file::keep(&mut tx, &[], true).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = f.store.write().await.unwrap();
    let locked = file::try_lock_many(&mut tx, &ids).await.unwrap();
    let shown: Vec<_> = locked.iter().map(|file| (file.public, file.expires_at)).collect();
    assert_eq!(shown, [(true, None), (false, None), (false, Some(NOW + 10)), (false, Some(NOW + 10))]);
    assert_eq!(file::try_lock_many(&mut tx, &[]).await.unwrap(), []);
    assert_eq!(file::expired(&mut tx, NOW + 10, 10).await.unwrap(), []);
    assert_eq!(file::expired(&mut tx, NOW + 11, 1).await.unwrap().len(), 1);
    let gone = file::expired(&mut tx, NOW + 11, 10).await.unwrap();
    assert_eq!(gone.len(), 2);
    assert_eq!(file::sweep(&mut tx, &ids, NOW + 10).await.unwrap(), 0, "not before its time");
    assert_eq!(file::sweep(&mut tx, &ids, NOW + 11).await.unwrap(), 2, "and nothing that is named");
    tx.commit().await.unwrap();
    assert_eq!(f.sql("SELECT COUNT(*) FROM files").trim(), "2");
    assert_eq!(f.sql("SELECT COUNT(*) FROM file_chunks").trim(), "2");
}

async fn a_conversations_bytes_are_added_up(f: Fixture) {
    let (one, other) = (ConversationId::random(&Dice), ConversationId::random(&Dice));
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(file::bytes_of(&mut tx, &one).await.unwrap(), 0);
    for conversation in [&one, &one, &other] {
        let large = File { size: 5_000_000_000, ..a_file(conversation) };
        file::insert(&mut tx, &large).await.unwrap();
    }
    assert_eq!(file::bytes_of(&mut tx, &one).await.unwrap(), 10_000_000_000);
}
