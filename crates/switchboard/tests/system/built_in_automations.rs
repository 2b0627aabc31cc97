//! Chat and mat answer exactly as contract §4 says.

use anyhow::ensure;
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON};

on_shapes!(Embedded, Cluster, Split: [chat_reverses_and_mat_replaces]);

async fn chat_reverses_and_mat_replaces(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let cases = [
        ("chat", "how are you", "you are how"),
        ("chat", "how are you?", "you? are how"),
        ("chat", "a  b\t c\nd e", "c b a\ne d"),
        ("mat", "how are you?", "mat mat mat?"),
        ("mat", "don't re-try snake_case 42 times… naïve  e\u{301}!", "mat mat mat mat mat… mat  mat!"),
        ("mat", "こんにちは, мир\n(ok)", "mat, mat\n(mat)"),
    ];
    let visitor = system.visitor().await?;
    for (automation, said, answered) in cases {
        let id = visitor.ask_automation(automation, said).await?;
        let texts = visitor.until_texts(&id, "automation", 1, SOON).await?;
        ensure!(texts == [answered], "{automation}: {said:?} → {texts:?}, not {answered:?}");
        visitor.say(&id, said).await?;
        let texts = visitor.until_texts(&id, "automation", 2, SOON).await?;
        ensure!(texts == [answered, answered], "{automation}: {said:?} → {texts:?}, not twice {answered:?}");
    }
    Ok(())
}
