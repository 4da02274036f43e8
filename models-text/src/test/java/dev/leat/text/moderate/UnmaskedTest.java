package dev.leat.text.moderate;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnmaskedTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "you 1d10t!|you idiot!",
                "you i d i o t, go|you idiot, go",
                "you id*ot|you idiot",
                "such an \u0456d\u0456ot|such an idiot",
                "id\u200biot|idiot",
                "p\u0430yp\u0430l and b\u00adank|paypal and bank",
                "k1ll them \ud83d\ude00 m0r0ns|kill them \ud83d\ude00 morons",
                "\uff49\uff44\uff49\uff4f\uff54|idiot",
                "stuuupid|stupid"
            })
    void of_disguisedWords_writesThemPlainly(String given, String plain) {
        assertThat(Unmasked.of(given).text()).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "An idiot, a moron!",
                "l33t h4x0r b4 2nite",
                "caf\u00e9 na\u00efve \u00dcbergr\u00f6\u00dfe",
                "\u043c\u043e\u0441\u043a\u0432\u0430 \u0441\u043e\u0440",
                "\u03b1-helix and \u03bcm",
                "\u0131s\u0131 \u00fear",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 family",
                "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "a b c d e f",
                "5 of 7 at 1:30",
                "\ud800 lone"
            })
    void of_anythingElse_isTheSameString(String text) {
        assertThat(Unmasked.of(text).text()).isSameAs(text);
    }

    @Test
    void places_inThePlainText_leadBackToTheTextAsGiven() {
        String given = "Hi \ud83d\ude00 you 1d10t, id\u200biot and f u c k all";
        Unmasked plain = Unmasked.of(given);

        assertThat(plain.text()).isEqualTo("Hi \ud83d\ude00 you idiot, idiot and fuck all");
        assertThat(back(given, plain, "1d10t", "idiot", 0)).isEqualTo("1d10t");
        assertThat(back(given, plain, "id\u200biot", "idiot", 16)).isEqualTo("id\u200biot");
        assertThat(back(given, plain, "f u c k", "fuck", 0)).isEqualTo("f u c k");
        assertThat(plain.start(0)).isZero();
        assertThat(plain.end(plain.text().length())).isEqualTo(given.length());
        int all = plain.text().indexOf("all");
        assertThat(given.substring(plain.start(all), plain.end(all + 3))).isEqualTo("all");
    }

    private static String back(String given, Unmasked plain, String disguised, String word, int from) {
        int at = plain.text().indexOf(word, from);
        assertThat(given).contains(disguised);
        return given.substring(plain.start(at), plain.end(at + word.length()));
    }

    /** Edits of random texts: what is not edited is verbatim, and lengths add up. */
    @Test
    void of_randomTexts_keepsAllThatItDoesNotEdit() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String[] pieces = {
            "1d10t", "f u c k", " ", "a", "\u0430", "\u200b", "\ud83d\ude00", "m0ron", "!", "sh*t", "\ud83d", "x"
        };
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String given = text.toString();
            Unmasked plain = Unmasked.of(given);
            StringBuilder again = new StringBuilder();
            int copied = 0;
            for (Unmasked.Edit edit : plain.edits()) {
                again.append(given, copied, edit.from()).append(plain.text(), edit.start(), edit.end());
                copied = edit.to();
            }
            again.append(given, copied, given.length());
            assertThat(again.toString()).as("seed %d", seed).isEqualTo(plain.text());
        }
    }

    /** ICU4J is the oracle: too large to ship for this, and the table is made from it. */
    @Test
    void lookAlikes_areThoseOfIcu() {
        SpoofChecker checker = new SpoofChecker.Builder().build();
        Map<String, Character> lower = new TreeMap<>();
        Map<String, Character> upper = new TreeMap<>();
        for (char c = 'a'; c <= 'z'; c++) {
            lower.put(checker.getSkeleton(String.valueOf(c)), c);
            upper.put(checker.getSkeleton(String.valueOf(Character.toUpperCase(c))), c);
        }
        Map<Integer, Character> expected = new TreeMap<>();
        for (int codePoint = 128; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String text = Character.toString(codePoint);
            if (UCharacter.isLetter(codePoint) && Normalizer2.getNFKDInstance().isNormalized(text)) {
                boolean capital = UCharacter.isUpperCase(codePoint);
                String skeleton = checker.getSkeleton(text);
                Character letter = (capital ? upper : lower).get(skeleton);
                letter = letter == null ? (capital ? lower : upper).get(skeleton) : letter;
                if (letter != null) {
                    expected.put(codePoint, letter);
                }
            }
        }
        assertThat(Folded.lookAlikes()).isEqualTo(expected);
    }
}
