//! The words of e-mails in the languages that visitors are spoken to in; the chat has its own in `frontend/apps/chat`.

use crate::language;

/// What e-mails say in one language. `{name}` stands for whoever has written.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// Its code, such as `de`.
    pub language: &'static str,
    pub(super) somebody: &'static str,
    pub(super) replied: &'static str,
    pub(super) wrote: &'static str,
    pub(super) answer: &'static str,
    pub(super) why: &'static str,
    pub(super) stop: &'static str,
    pub(super) yours: &'static str,
    pub(super) asked: &'static str,
    pub(super) go_on: &'static str,
    /// Instead of the text of a message that has none.
    pub files: &'static str,
    /// Instead of the beginning of a transcript that is too long.
    pub before: &'static str,
}

impl Words {
    /// The words for this locale (RFC 5646, `de-AT` or `de_AT`); English where there are none.
    pub fn of(locale: Option<&str>) -> &'static Self {
        language::choose(&ALL, |words| words.language, locale)
    }
}

/// English first.
pub(super) static ALL: [Words; 7] = [
    Words {
        language: "en",
        somebody: "Somebody",
        replied: "{name} has replied to you",
        wrote: "{name} wrote:",
        answer: "Read and answer",
        why: "You get this because you gave your e-mail address in a chat and left before you saw the answer.",
        stop: "No more e-mails about this conversation",
        yours: "Your conversation",
        asked: "This is the conversation that you asked for.",
        go_on: "Go on with it",
        files: "[files]",
        before: "What was before is not in this e-mail.",
    },
    Words {
        language: "de",
        somebody: "Jemand",
        replied: "{name} hat Ihnen geantwortet",
        wrote: "{name} schrieb:",
        answer: "Lesen und antworten",
        why: "Sie erhalten diese E-Mail, weil Sie im Chat Ihre E-Mail-Adresse angegeben und die Antwort dort noch \
              nicht gesehen haben.",
        stop: "Keine E-Mails mehr zu diesem Gespräch",
        yours: "Ihr Gespräch",
        asked: "Hier ist das Gespräch, um das Sie gebeten haben.",
        go_on: "Gespräch fortsetzen",
        files: "[Dateien]",
        before: "Was davor war, steht nicht in dieser E-Mail.",
    },
    Words {
        language: "fr",
        somebody: "Quelqu’un",
        replied: "{name} vous a répondu",
        wrote: "{name} a écrit\u{a0}:",
        answer: "Lire et répondre",
        why: "Vous recevez cet e-mail parce que vous avez indiqué votre adresse dans une discussion et n’avez pas \
              encore vu la réponse.",
        stop: "Ne plus recevoir d’e-mails pour cette conversation",
        yours: "Votre conversation",
        asked: "Voici la conversation que vous avez demandée.",
        go_on: "Reprendre la conversation",
        files: "[fichiers]",
        before: "Ce qui précède ne figure pas dans cet e-mail.",
    },
    Words {
        language: "es",
        somebody: "Alguien",
        replied: "{name} le ha respondido",
        wrote: "{name} escribió:",
        answer: "Leer y responder",
        why: "Recibe este correo porque indicó su dirección en un chat y aún no ha visto la respuesta.",
        stop: "No recibir más correos sobre esta conversación",
        yours: "Su conversación",
        asked: "Esta es la conversación que ha solicitado.",
        go_on: "Continuar la conversación",
        files: "[archivos]",
        before: "Lo anterior no figura en este correo.",
    },
    Words {
        language: "nl",
        somebody: "Iemand",
        replied: "{name} heeft u geantwoord",
        wrote: "{name} schreef:",
        answer: "Lezen en antwoorden",
        why: "U ontvangt deze e-mail omdat u in een chat uw e-mailadres heeft opgegeven en het antwoord daar nog niet \
              heeft gezien.",
        stop: "Geen e-mails meer over dit gesprek",
        yours: "Uw gesprek",
        asked: "Dit is het gesprek waar u om heeft gevraagd.",
        go_on: "Verdergaan met het gesprek",
        files: "[bestanden]",
        before: "Wat hieraan voorafging, staat niet in deze e-mail.",
    },
    Words {
        language: "it",
        somebody: "Qualcuno",
        replied: "{name} le ha risposto",
        wrote: "{name} ha scritto:",
        answer: "Leggi e rispondi",
        why: "Riceve questa e-mail perché ha indicato il suo indirizzo in una chat e non ha ancora visto la risposta.",
        stop: "Non ricevere più e-mail su questa conversazione",
        yours: "La sua conversazione",
        asked: "Ecco la conversazione che ha richiesto.",
        go_on: "Continua la conversazione",
        files: "[file]",
        before: "Ciò che precede non è in questa e-mail.",
    },
    Words {
        language: "pt",
        somebody: "Alguém",
        replied: "{name} respondeu à sua mensagem",
        wrote: "{name} escreveu:",
        answer: "Ler e responder",
        why: "Você recebe este e-mail porque informou seu endereço em um chat e ainda não viu a resposta.",
        stop: "Não receber mais e-mails sobre esta conversa",
        yours: "Sua conversa",
        asked: "Esta é a conversa que você pediu.",
        go_on: "Continuar a conversa",
        files: "[arquivos]",
        before: "O que veio antes não está neste e-mail.",
    },
];

/// With a name in its place.
pub(super) fn named(text: &str, name: &str) -> String {
    text.replace("{name}", name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_finds_its_language() {
        for (locale, language) in [
            (Some("de-AT"), "de"),
            (Some("pt_BR"), "pt"),
            (Some("NL"), "nl"),
            (Some("ja"), "en"),
            (Some("den"), "en"),
            (Some(""), "en"),
            (None, "en"),
        ] {
            assert_eq!(Words::of(locale).language, language, "{locale:?}");
        }
    }

    #[test]
    fn each_language_says_everything_in_its_own_way() {
        for words in &ALL {
            for text in [words.replied, words.wrote] {
                assert_eq!(text.matches("{name}").count(), 1, "{text}");
            }
            let plain = [
                words.somebody,
                words.answer,
                words.why,
                words.stop,
                words.yours,
                words.asked,
                words.go_on,
                words.files,
                words.before,
            ];
            for text in plain {
                assert!(
                    !text.is_empty() && !text.contains(['{', '}', '\n']) && !text.contains("  "),
                    "{text}"
                );
            }
            for other in ALL.iter().filter(|other| other.language != words.language) {
                assert_ne!(other.why, words.why);
                assert_ne!(other.stop, words.stop);
                assert_ne!(other.replied, words.replied);
            }
        }
    }
}
