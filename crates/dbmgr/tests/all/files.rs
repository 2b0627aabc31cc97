//! Files: who may upload, send and see them, each sent once, and what is not sent is given up.

use switchboard_domain::limits::{
    CONVERSATION_FILES_BYTES, FILE_BYTES, FILE_CHUNK_BYTES, FILE_OPEN_MS, FILE_UNSENT_MS, FILES_PER_MESSAGE,
};
use switchboard_wire::call::append::{Append, AppendKind, Appended};
use switchboard_wire::call::conversation::{Claim, GetConversation};
use switchboard_wire::call::file::{GetPiece, PutPiece};
use switchboard_wire::call::guest::EraseVisitor;
use switchboard_wire::call::router::Sweep;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::view::File;
use switchboard_wire::{Bytes64, Failure, Problem};

use crate::on_both;
use crate::people::{PASSWORD, Person, key, message, note};
use crate::world::{World, problem};

on_both!(
    a_file_is_uploaded_in_pieces_and_comes_back_whole,
    pieces_come_in_their_order_and_within_the_limit,
    a_message_names_files_and_a_repeat_is_the_same_message,
    a_file_is_sent_once_by_who_uploaded_it_and_where,
    a_notes_file_is_for_staff,
    what_nobody_sends_is_given_up,
    what_is_erased_takes_its_files_along,
);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

fn piece(conversation: &str, file: Option<&str>, n: i64, data: &[u8], last: bool) -> PutPiece {
    let (conversation, file) = (conversation.into(), file.map(Into::into));
    PutPiece { conversation, file, name: "cat.png".into(), n, data: Bytes64(data.to_vec().into()), last }
}

async fn put(world: &World, by: &Person, put: PutPiece) -> Result<File, Failure> {
    world.call(&by.by, put).await.map(|one| one.file)
}

async fn upload(world: &World, by: &Person, conversation: &str) -> String {
    put(world, by, piece(conversation, None, 0, PNG, true)).await.unwrap().id
}

async fn get(world: &World, by: &Person, c: &str, file: &str, n: i64) -> Result<Vec<u8>, Failure> {
    let ask = GetPiece { conversation: c.into(), file: file.into(), n };
    world.call(&by.by, ask).await.map(|piece| piece.data.0.to_vec())
}

fn with(append: Append, files: &[&str]) -> Append {
    Append { files: files.iter().map(|&id| id.into()).collect(), want_entry: true, ..append }
}

async fn send(world: &World, append: Append) -> Result<Appended, Failure> {
    world.append(vec![append]).await.remove(0)
}

fn body(appended: &Appended) -> serde_json::Value {
    let entry: serde_json::Value = serde_json::from_str(appended.entry.as_ref().unwrap().get()).unwrap();
    entry["body"].clone()
}

/// An agent who has a visitor's conversation.
async fn chatting(world: &World) -> (Person, Person, String) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let fence = world.call(&maya.by, GetConversation { id: c.id.clone() }).await.unwrap().fence;
    world.call(&maya.by, Claim { id: c.id.clone(), fence }).await.unwrap();
    (maya, visitor, c.id)
}

async fn a_file_is_uploaded_in_pieces_and_comes_back_whole(world: World) {
    let (maya, visitor, c) = chatting(&world).await;
    let whole: Vec<u8> = PNG.iter().copied().chain(0..=255).cycle().take(FILE_CHUNK_BYTES + 5).collect();
    let (first, second) = whole.split_at(FILE_CHUNK_BYTES);
    let file = put(&world, &visitor, piece(&c, None, 0, first, false)).await.unwrap();
    assert_eq!((file.name.as_str(), file.kind.as_str()), ("cat.png", "image/png"));
    // Not whole yet: not even its sender gets a part of it.
    for who in [&maya, &visitor] {
        assert_eq!(problem(get(&world, who, &c, &file.id, 0).await), Problem::NotFound);
    }
    for _ in 0..2 {
        // The second time it is a repeat.
        let sealed = put(&world, &visitor, piece(&c, Some(&file.id), 1, second, true)).await.unwrap();
        assert_eq!(sealed.size, i64::try_from(whole.len()).unwrap());
    }
    for who in [&maya, &visitor] {
        assert_eq!(get(&world, who, &c, &file.id, 0).await.unwrap(), first);
        assert_eq!(get(&world, who, &c, &file.id, 1).await.unwrap(), second);
        assert_eq!(problem(get(&world, who, &c, &file.id, 2).await), Problem::NotFound);
    }
    let other = world.visitor().await;
    assert_eq!(problem(get(&world, &other, &c, &file.id, 0).await), Problem::NotFound);
    let own = world.begin(&other, StartWith::People).await.id;
    assert_eq!(problem(get(&world, &other, &own, &file.id, 0).await), Problem::NotFound);
    assert_eq!(problem(put(&world, &other, piece(&c, None, 0, PNG, true)).await), Problem::NotFound);
}

async fn pieces_come_in_their_order_and_within_the_limit(world: World) {
    let (maya, visitor, c) = chatting(&world).await;
    let full = vec![7; FILE_CHUNK_BYTES];
    assert_eq!(problem(put(&world, &visitor, piece(&c, None, 0, b"", true)).await), Problem::Invalid);
    assert_eq!(problem(put(&world, &visitor, piece(&c, None, 0, b"abc", false)).await), Problem::BadRequest);
    assert_eq!(problem(put(&world, &visitor, piece(&c, None, 1, b"abc", true)).await), Problem::BadRequest);
    let file = put(&world, &visitor, piece(&c, None, 0, &full, false)).await.unwrap().id;
    let next = |n, data: &[u8], last| piece(&c, Some(&file), n, data, last);
    assert_eq!(problem(put(&world, &visitor, next(2, b"abc", true)).await), Problem::BadRequest);
    assert_eq!(problem(put(&world, &maya, next(1, b"abc", true)).await), Problem::NotFound, "not hers");
    let most = FILE_BYTES / i64::try_from(FILE_CHUNK_BYTES).unwrap();
    for n in 1..most {
        put(&world, &visitor, next(n, &full, false)).await.unwrap();
    }
    assert_eq!(problem(put(&world, &visitor, next(most, b"a", true)).await), Problem::TooLarge);
    // All files of a conversation together.
    let room = CONVERSATION_FILES_BYTES - i64::try_from(PNG.len()).unwrap();
    world.database.sql(&format!("UPDATE files SET size = {room}")).unwrap();
    upload(&world, &visitor, &c).await;
    assert_eq!(problem(put(&world, &maya, piece(&c, None, 0, PNG, true)).await), Problem::TooLarge);
    let other = world.begin(&visitor, StartWith::People).await.id;
    upload(&world, &visitor, &other).await;
}

async fn a_message_names_files_and_a_repeat_is_the_same_message(world: World) {
    let (maya, visitor, c) = chatting(&world).await;
    let (one, two) = (upload(&world, &visitor, &c).await, upload(&world, &visitor, &c).await);
    let id = key();
    let append = || with(message(&visitor, &c, &id, "  "), &[&one, &two]);
    let sent = send(&world, append()).await.unwrap();
    let said = body(&sent);
    assert_eq!(said["text"], "cat.png, cat.png", "for whoever shows no files");
    assert_eq!(said["files"][1]["id"], two.as_str());
    assert_eq!(said["files"][0]["type"], "image/png");
    let again = send(&world, append()).await.unwrap();
    assert!(again.repeated);
    assert_eq!((again.seq, &again.id, body(&again)), (sent.seq, &sent.id, said));
    for other in [vec![one.as_str()], vec![&two, &one], vec![]] {
        let other = with(message(&visitor, &c, &id, "cat.png, cat.png"), &other);
        assert_eq!(problem(send(&world, other).await), Problem::Conflict);
    }
    // Words and files, from the other side.
    let three = upload(&world, &maya, &c).await;
    let sent = send(&world, with(message(&maya, &c, &key(), "look"), &[&three])).await.unwrap();
    assert_eq!(body(&sent)["text"], "look");
    assert_eq!(get(&world, &visitor, &c, &three, 0).await.unwrap(), PNG);
}

async fn a_file_is_sent_once_by_who_uploaded_it_and_where(world: World) {
    let (maya, visitor, c) = chatting(&world).await;
    let file = upload(&world, &visitor, &c).await;
    let other = world.begin(&visitor, StartWith::People).await.id;
    let mut refused = vec![
        with(message(&maya, &c, &key(), "not hers"), &[&file]),
        with(message(&visitor, &other, &key(), "not here"), &[&file]),
        with(message(&visitor, &c, &key(), "twice"), &[&file, &file]),
        with(message(&visitor, &c, &key(), "none"), &["nosuchfile"]),
        with(message(&visitor, &c, &key(), "no id"), &["no such file"]),
    ];
    let open = put(&world, &visitor, piece(&c, None, 0, &vec![7; FILE_CHUNK_BYTES], false)).await.unwrap();
    refused.push(with(message(&visitor, &c, &key(), "not whole"), &[&open.id]));
    let mut many = Vec::new();
    for _ in 0..=FILES_PER_MESSAGE {
        many.push(upload(&world, &visitor, &c).await);
    }
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    refused.push(with(message(&visitor, &c, &key(), "too many"), &many));
    for append in refused {
        assert_eq!(problem(send(&world, append).await), Problem::Invalid);
    }
    // Of two in one batch the first one has it; what has none is not held up.
    let appends = vec![
        with(message(&visitor, &c, &key(), "first"), &[&file]),
        with(message(&visitor, &c, &key(), "second"), &[&file]),
        message(&visitor, &c, &key(), "third"),
    ];
    let answers = world.append(appends).await;
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    let later = with(message(&visitor, &c, &key(), "again"), &[&file]);
    assert_eq!(problem(send(&world, later).await), Problem::Invalid);
}

async fn a_notes_file_is_for_staff(world: World) {
    let (maya, visitor, c) = chatting(&world).await;
    let file = upload(&world, &maya, &c).await;
    assert_eq!(problem(get(&world, &visitor, &c, &file, 0).await), Problem::NotFound, "before it is sent");
    let sent = send(&world, with(note(&maya, &c, ""), &[&file])).await.unwrap();
    assert_eq!(body(&sent)["files"][0]["id"], file.as_str());
    assert_eq!(problem(get(&world, &visitor, &c, &file, 0).await), Problem::NotFound);
    assert_eq!(get(&world, &maya, &c, &file, 0).await.unwrap(), PNG);
    let leaked = Append { kind: AppendKind::Message, ..with(note(&maya, &c, "again"), &[&file]) };
    assert_eq!(problem(send(&world, leaked).await), Problem::Invalid);
}

async fn what_nobody_sends_is_given_up(world: World) {
    let (_, visitor, c) = chatting(&world).await;
    let sent = upload(&world, &visitor, &c).await;
    send(&world, with(message(&visitor, &c, &key(), "kept"), &[&sent])).await.unwrap();
    let unsent = upload(&world, &visitor, &c).await;
    put(&world, &visitor, piece(&c, None, 0, &vec![7; FILE_CHUNK_BYTES], false)).await.unwrap();
    let count = |table: &str| world.database.value(&format!("SELECT COUNT(*) FROM {table}")).unwrap();
    for (passes, left) in [(0, "3"), (FILE_OPEN_MS + 1_000, "2"), (FILE_UNSENT_MS, "1")] {
        world.clock.forward(passes);
        world.house(Sweep {}).await;
        assert_eq!((count("files").as_str(), count("file_chunks").as_str()), (left, left));
    }
    let late = with(message(&visitor, &c, &key(), "late"), &[&unsent]);
    assert_eq!(problem(send(&world, late).await), Problem::Invalid);
    assert_eq!(get(&world, &visitor, &c, &sent, 0).await.unwrap(), PNG);
}

async fn what_is_erased_takes_its_files_along(world: World) {
    let (maya, visitor, c) = chatting(&world).await;
    let other = world.visitor().await;
    let kept = world.begin(&other, StartWith::People).await.id;
    upload(&world, &other, &kept).await;
    // More than one transaction takes, sent and unsent, of both sides.
    for n in 0..6 {
        let who = if n % 2 == 0 { &maya } else { &visitor };
        let file = upload(&world, who, &c).await;
        if n < 4 {
            send(&world, with(message(who, &c, &key(), "look"), &[&file])).await.unwrap();
        }
    }
    let (ada, _) = world.sign_in("ada", PASSWORD).await.unwrap();
    world.call(&ada, EraseVisitor { id: visitor.id }).await.unwrap();
    let left = "SELECT COUNT(*) FROM files WHERE conversation_id";
    assert_eq!(world.count(&format!("{left} = '{c}'")), 0);
    assert_eq!(
        (world.count(&format!("{left} = '{kept}'")), world.count("SELECT COUNT(*) FROM file_chunks")),
        (1, 1)
    );
    assert_eq!(
        world.count("SELECT COUNT(*) FROM entries WHERE body LIKE '%cat.png%'"),
        0,
        "nor are they named"
    );
}
