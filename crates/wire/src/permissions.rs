//! Who may say and hear what on a NATS that several share: the least that a component can work with.

use crate::subject;
use std::fmt::Write as _;

/// Messages that may be sent in answer to one turn or question: `working` frames and the reply.
const RESPONSES: u32 = 100;
/// For how long they may.
const RESPONSES_FOR: &str = "2m";

/// What one user of the NATS server may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// Subjects that it may send to.
    pub publish: Vec<String>,
    /// Subjects that it may listen on.
    pub subscribe: Vec<String>,
    /// Whether it may answer whatever it is asked, where the asker wants it.
    pub responses: bool,
}

/// The user of an automation, and the name of its connection.
pub fn automation_user(name: &str) -> String {
    format!("automation-{name}")
}

/// What in front of an automation's subjects for replies must stand.
pub fn automation_inbox(name: &str) -> String {
    format!("_INBOX.{}", automation_user(name))
}

/// What an automation may do: hear its own turns and what services are asked, and answer. It cannot hear or answer for
/// another one, make a call, or hear a notice.
pub fn of_automation(name: &str) -> Permissions {
    let inbox = format!("{}.>", automation_inbox(name));
    let mut subscribe = vec![subject::turn(name), inbox.clone()];
    for ending in [String::new(), format!(".{name}"), format!(".{name}.*")] {
        subscribe.extend(["PING", "INFO", "STATS"].map(|verb| format!("$SRV.{verb}{ending}")));
    }
    Permissions { publish: vec![inbox], subscribe, responses: true }
}

impl Permissions {
    /// As a value of the NATS server's configuration, its lines indented by so many spaces.
    pub fn configuration(&self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let list = |subjects: &[String]| {
            let quoted: Vec<String> = subjects.iter().map(|subject| format!("\"{subject}\"")).collect();
            quoted.join(", ")
        };
        let mut text = format!("{{\n{pad}  publish: [{}]\n", list(&self.publish));
        let _ = writeln!(text, "{pad}  subscribe: [{}]", list(&self.subscribe));
        if self.responses {
            let _ = writeln!(
                text,
                "{pad}  allow_responses: {{ max: {RESPONSES}, expires: \"{RESPONSES_FOR}\" }}"
            );
        }
        text + &pad + "}"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_automation_may_do_nothing_but_its_own_work() {
        let shout = of_automation("shout");
        assert_eq!(shout.publish, ["_INBOX.automation-shout.>"]);
        for subject in &shout.subscribe {
            let shared = ["$SRV.PING", "$SRV.INFO", "$SRV.STATS"].contains(&subject.as_str());
            assert!(shared || subject.contains("shout"), "{subject}");
            assert!(!subject.starts_with("switchboard.v1.evt") && !subject.starts_with("switchboard.v1.cmd"));
        }
    }

    #[test]
    fn the_page_for_operators_says_the_same() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/deployment.md");
        let page: String = std::fs::read_to_string(path).unwrap().split_whitespace().collect();
        for name in ["chat", "mat"] {
            let block = format!("automation_{name} = {}", of_automation(name).configuration(2));
            let block: String = block.split_whitespace().collect();
            assert!(page.contains(&block), "docs/deployment.md does not have {block}");
        }
    }
}
