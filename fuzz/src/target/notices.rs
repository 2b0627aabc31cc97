//! Notices as edges and router read them: subject, a line for each header, an empty line, the payload.

use switchboard_wire::notice::{Envelope, Notice};

pub(crate) const WORDS: &[&str] = &[
    "switchboard.v1.evt.entry.7",
    "switchboard.v1.evt.state.7",
    "switchboard.v1.evt.ended",
    "switchboard.v1.evt.beat",
    "switchboard.v1.evt.here",
    "switchboard.v1.evt.typing",
    "switchboard.v1.evt.read",
    "switchboard.v1.evt.queue",
    "switchboard.v1.evt.presence",
    "switchboard.v1.evt.looking",
    "switchboard.v1.evt.mentioned",
    "switchboard.v1.evt.cut_off",
    "switchboard.v1.evt.erased",
    "switchboard.v1.evt.hooks",
    "switchboard.v1.evt.rules",
    "switchboard.v1.evt.deliveries",
    "switchboard.v1.evt.roll",
    "Sb-C: c1\n",
    "Sb-S: 9223372036854775807\n",
    "Sb-A: 1\n",
    "Sb-P: -1\n",
    "Sb-E: e1\n",
    "Sb-N: 5\n",
    "Sb-I: i\n",
    "\n\n",
    "{\"type\":\"entry\",\"entry\":{}}",
    "{\"incarnation\":\"i\",\"counts\":[1,2],\"epoch\":\"e\"}",
    "18446744073709551616",
];

/// What a notice is read as is the same when it is told again.
pub(crate) fn run(input: &[u8]) {
    let Some(end) = input.windows(2).position(|two| two == b"\n\n") else { return };
    let (head, payload) = (&input[..end], &input[end + 2..]);
    let Ok(head) = std::str::from_utf8(head) else { return };
    let mut lines = head.lines();
    let subject = lines.next().unwrap_or_default();
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let Ok(notice) = Notice::decode(subject, header, payload) else { return };
    let told = notice.encode();
    let header =
        |name: &str| told.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    let again = Notice::decode(&told.subject, header, &told.payload);
    let again: Option<Envelope> = again.ok().map(|notice| notice.encode());
    assert_eq!(again.as_ref(), Some(&told));
}
