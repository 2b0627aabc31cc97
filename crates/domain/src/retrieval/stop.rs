//! Words that say nothing of what a question is about.

use std::collections::HashSet;
use std::sync::LazyLock;

/// English: of grammar, and those of asking itself.
const ENGLISH: &str = "a able about after all already also always am an and any anyone anything are aren't around as ask \
 at back be because been before being best but by call can can't cannot could couldn't did didn't do does doesn't doing don't \
 dont else ever every find for from get gets getting give go goes going good got had has hasn't have haven't having hello \
 help here hey hi him his how however i i'd i'll i'm i've if in instead into is isn't it it's its just keep know let like \
 look looking make many may maybe me mine more most much must my need needs no not now of off ok okay on once one only or \
 other our out over own people please possible problem put question really right same say see she should show so some \
 somebody someone something somehow still such sure take tell than thank thanks that that's the their them then there \
 these they thing things this those to today too trouble try trying under until up us use used using very via want wants \
 was way we well went were what what's when where where's which while who whom whose why will with within without won't \
 work working works would yes yet you you're your yours";

/// German, in the same way.
const GERMAN: &str = "aber alle allem allen aller alles als also am an ander andere anderen anders auch auf aus bei beim \
 bekomme bekommen bin bis bitte brauche brauchen bräuchte da dabei dafür damit danach dann daran darauf daraus darf das dass \
 dein deine dem den denn der deren des deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch dürfen \
 ein eine einem einen einer eines einfach einmal er es etwas euch euer eure frage für ganz geben geht gern gerne gibt \
 gegen habe haben hab hallo hat hatte hätte hätten hier hilfe hilf hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in \
 ins ist ja jede jedem jeden jeder jedes jemand jetzt kann kannst keine keinen kein kommen kommt können könnt könnte könnten \
 lassen leider mache machen macht man mal mehr mein meine meinem meinen meiner meines mich mir mit möchte möchten moin muss müssen nach \
 nein nicht nichts nie noch nun nur ob oder ohne problem sagen schon sehe sehen sehr sein seine seit sich sie sind so \
 soll sollte sonst über um und uns unser unsere unter viel viele vom von vor wann war warum was wäre weg weil weiter welche \
 welchem welchen welcher welches wem wen wenn wer werde werden wie wieder will wir wird wo woher wohin wollen wollte \
 worden würde würden zu zum zur zwischen danke servus guten tag finde finden funktioniert funktionieren klappt";

static ENGLISH_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| ENGLISH.split_ascii_whitespace().collect());
static GERMAN_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| GERMAN.split_ascii_whitespace().collect());

/// Whether a word, in lower case, is one of them. What people are asked in one language they ask with words of another, so
/// both lists count everywhere.
pub(super) fn is_stop(word: &str) -> bool {
    ENGLISH_SET.contains(word) || GERMAN_SET.contains(word)
}
