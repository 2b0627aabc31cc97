//! E-mail while the mail server is slow, refuses, or lets nobody in.

use std::time::Duration;
use switchboard_testkit::smtp::Mood;

use crate::mail::{Post, SOON, on_both_posts};

on_both_posts!(a_server_that_refuses_is_asked_again_or_not, a_server_that_does_not_let_us_in_costs_no_email,);

async fn a_server_that_refuses_is_asked_again_or_not(post: Post) {
    // It is slow, says "not now", and takes it then: always the same e-mail.
    post.smtp.be(Mood::Silent);
    post.reply("Hello?").await;
    post.pass(11);
    let first = post.until("due", 1).await;
    post.smtp.be(Mood::NotNow);
    let mut waiting = first.clone();
    for _ in 0..SOON.as_millis() / 100 {
        waiting = post.mails().await.remove(0);
        if waiting.error.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(waiting.error.is_some_and(|why| why.contains("time")), "{first:?}");
    post.pass(2);
    let mut second = post.until("due", 2).await;
    for _ in 0..50 {
        second = post.mails().await.remove(0);
        if second.error.as_deref().is_some_and(|why| why.contains("451")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(second.error.clone().is_some_and(|why| why.contains("451")), "{second:?}");
    post.smtp.be(Mood::Takes);
    post.pass(6);
    let sent = post.until("sent", 3).await;
    assert_eq!((sent.id, sent.error), (second.id, None));
    assert_eq!(post.smtp.received().len(), 1);

    // What will never be taken is given up at once, and what is never taken after six attempts.
    post.world.say(&post.visitor, &post.id, "yes?").await.unwrap();
    post.smtp.be(Mood::Never);
    post.reply("Never.").await;
    post.pass(11);
    let failed = post.until("failed", 1).await;
    assert!(failed.error.is_some_and(|why| why.contains("550")), "the reason is shown");
    // What failed was not sent: with the next reply it goes out after all.
    post.smtp.be(Mood::Takes);
    post.reply("Once more.").await;
    post.pass(11);
    post.until("sent", 1).await;
    let text = post.smtp.received().pop().unwrap().unfolded();
    assert!(text.contains("Never.") && text.contains("Once more."), "{text}");
    post.world.say(&post.visitor, &post.id, "and?").await.unwrap();
    post.smtp.be(Mood::NotNow);
    post.reply("Not now.").await;
    post.pass(11);
    post.until("due", 1).await;
    // The pauses are hours, and nobody's clock may jump that far.
    for _ in 0..SOON.as_millis() / 100 {
        post.world.database.sql("UPDATE mails SET due_at = 1 WHERE state = 'due'").unwrap();
        if post.mails().await[0].state == "failed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let failed = post.until("failed", 6).await;
    assert!(failed.error.is_some() && failed.due_at.is_none(), "{failed:?}");
    assert_eq!(post.smtp.received().len(), 2);
}

async fn a_server_that_does_not_let_us_in_costs_no_email(post: Post) {
    post.smtp.be(Mood::Stranger);
    post.reply("Hello?").await;
    post.pass(11);
    let first = post.refused("535").await;
    assert_eq!((first.state.as_str(), first.attempts), ("due", 1), "a wrong password is no mailbox's fault");
    post.smtp.be(Mood::Closed);
    post.pass(2);
    let second = post.refused("554").await;
    assert_eq!((second.state.as_str(), second.attempts), ("due", 2), "nor is a server that greets nobody");
    post.smtp.be(Mood::Takes);
    post.pass(6);
    assert_eq!(post.until("sent", 3).await.id, first.id);
    assert_eq!(post.smtp.received().len(), 1);
}
