//! `serve --demo`: three lines, three sign-ins that work, on loopback only.

use anyhow::{Context, ensure};
use switchboard_testkit::program::Program;
use switchboard_testkit::{Http, Staff, TempDir};

#[tokio::test]
async fn it_prints_three_sign_ins_that_work() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let serve = Program::new(folder.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    for start in 0..2 {
        let (mut process, address) = serve.spawn_ready()?;
        let roles = ["super_admin", "admin", "agent"];
        process.wait_for_line(switchboard_testkit::staff::SOON, |line| {
            line.starts_with("agent ").then_some(())
        })?;
        let lines = process.stdout();
        let credentials: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| line.split(' ').collect::<Vec<_>>())
            .filter(|words| roles.contains(&words[0]))
            .collect();
        ensure!(credentials.len() == 3, "start {start}: {lines:?}");
        for (words, role) in credentials.iter().zip(roles) {
            let [name, username, password] = words[..] else { anyhow::bail!("{words:?}") };
            ensure!(name == role && password.chars().count() >= 15, "{words:?}");
            let staff = Staff::sign_in(&Http::new(&address), username, password).await.context(role)?;
            let account = staff.http.get("/session").await?.expect(200)?["account"].clone();
            ensure!(account["role"] == role && account["must_change_password"] == false, "{account}");
        }
        process.kill()?;
    }
    Ok(())
}

#[test]
fn not_on_a_public_address() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let done = Program::new(folder.path(), &["serve", "--demo", "--listen", "0.0.0.0:0"]).run("")?;
    ensure!(done.code != 0 && done.stderr.contains("127.0.0.1"), "{done:?}");
    Ok(())
}
