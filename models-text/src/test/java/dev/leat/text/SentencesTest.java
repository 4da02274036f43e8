package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentencesTest {

    private static List<String> split(String text) {
        return Sentences.of(text).stream().map(Sentence::text).toList();
    }

    @Test
    void of_abbreviationsInitialsAndBlankLines_areUnderstood() {
        assertThat(split("Mr. Brown met J. R. Smith at 5 p.m. in Rome. He left.\n\nHeadline\n\nThe end? Yes!"))
                .containsExactly(
                        "Mr. Brown met J. R. Smith at 5 p.m. in Rome.", "He left.", "Headline", "The end?", "Yes!");
        assertThat(split("  ")).isEmpty();
        assertThat(split("")).isEmpty();
        assertThat(split("no full stop")).containsExactly("no full stop");
    }

    @Test
    void of_abbreviationsThatMayEnd_areDecidedByTheNextWord() {
        assertThat(split("He works for Acme Inc. The firm is old."))
                .containsExactly("He works for Acme Inc.", "The firm is old.");
        assertThat(split("Acme Inc. Chairman Jones resigned.")).containsExactly("Acme Inc. Chairman Jones resigned.");
        assertThat(split("It was plan B. The other failed.")).containsExactly("It was plan B.", "The other failed.");
        assertThat(split("He met J. A. Smith there.")).containsExactly("He met J. A. Smith there.");
    }

    @Test
    void of_abbreviationsOfNumbers_endUnlessADigitComes() {
        assertThat(split("See No. 5 and Fig. 3 for this. Did he come? No. He stayed."))
                .containsExactly("See No. 5 and Fig. 3 for this.", "Did he come?", "No.", "He stayed.");
    }

    @Test
    void of_quotations_endWithTheirSentence() {
        assertThat(split("\"Run!\" he cried. \"It burns.\" They ran. (All of them.) It was late."))
                .containsExactly("\"Run!\" he cried.", "\"It burns.\"", "They ran.", "(All of them.)", "It was late.");
        assertThat(split("\u201cIs it far?\u201d she asked. \u201cNo.\u201d"))
                .containsExactly("\u201cIs it far?\u201d she asked.", "\u201cNo.\u201d");
    }

    @Test
    void of_numbersAddressesAndEllipses_stayTogether() {
        assertThat(split("Pi is 3.14159, see www.example.org/a.b?c=d. It grew by 2.5 percent... or so. Fine!"))
                .containsExactly(
                        "Pi is 3.14159, see www.example.org/a.b?c=d.", "It grew by 2.5 percent... or so.", "Fine!");
    }

    @Test
    void of_lists_areOneSentenceAnItem() {
        assertThat(split("We need:\n- milk\n- two eggs\n\u2022 bread\n1. First do this. Then that.\n2) Last"))
                .containsExactly(
                        "We need:",
                        "- milk",
                        "- two eggs",
                        "\u2022 bread",
                        "1. First do this.",
                        "Then that.",
                        "2) Last");
    }

    @Test
    void of_wrappedLines_areOneSentence() {
        assertThat(split("This sentence goes on\nin the next line. And\r\nso does this."))
                .containsExactly("This sentence goes on\nin the next line.", "And\r\nso does this.");
    }

    @Test
    void of_chineseAndJapanese_endAtTheirOwnFullStops() {
        assertThat(
                        split(
                                "\u4eca\u5929\u5929\u6c14\u5f88\u597d\u3002\u6211\u4eec\u53bb\u516c\u56ed\u5427\uff01\u597d\u5417\uff1f"))
                .containsExactly(
                        "\u4eca\u5929\u5929\u6c14\u5f88\u597d\u3002",
                        "\u6211\u4eec\u53bb\u516c\u56ed\u5427\uff01",
                        "\u597d\u5417\uff1f");
    }

    @Test
    void of_emojiBehindAFullStop_beginASentence() {
        assertThat(split("We won. \ud83c\udf89 The team is happy. \u2600\ufe0f Sun! \ud83d\udc4d\ud83c\udffd Good."))
                .containsExactly(
                        "We won.",
                        "\ud83c\udf89 The team is happy.",
                        "\u2600\ufe0f Sun!",
                        "\ud83d\udc4d\ud83c\udffd Good.");
        assertThat(
                        split(
                                "He met Mr. \ud83d\ude00 Brown. Acme Inc. \ud83d\ude00 Chairman. \u201cYes.\u201d \ud83d\ude00 He left."))
                .containsExactly(
                        "He met Mr. \ud83d\ude00 Brown.",
                        "Acme Inc. \ud83d\ude00 Chairman.",
                        "\u201cYes.\u201d",
                        "\ud83d\ude00 He left.");
        assertThat(split("It grew... \ud83d\ude00 or so. \ud83d\ude00\ud83d\ude00"))
                .containsExactly("It grew... \ud83d\ude00 or so.", "\ud83d\ude00\ud83d\ude00");
    }

    @Test
    void of_emojiAtAFullStop_endItsSentence() {
        assertThat(split("Nice.\ud83d\ude00 Well done!\ud83d\ude00\u2764\ufe0f Come again."))
                .containsExactly("Nice.\ud83d\ude00", "Well done!\ud83d\ude00\u2764\ufe0f", "Come again.");
        assertThat(split("Nice.\ud83d\ude00")).containsExactly("Nice.\ud83d\ude00");
        assertThat(split("Yahoo!\u2122 is old. We won \ud83d\ude00. The end"))
                .containsExactly("Yahoo!\u2122 is old.", "We won \ud83d\ude00.", "The end");
    }

    @Test
    void of_anyText_holdsEveryCharThatIsNoSpaceOnce() {
        String alphabet = "abcXYZ.!?,;:-*\"')( \n\r\t\u00a0\u2028\u3002\uff01\u0301\ud83d\ude00\ud800\u200d1290";
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            int chars = random.nextInt(120);
            for (int i = 0; i < chars; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int before = 0;
            StringBuilder between = new StringBuilder();
            for (Sentence sentence : Sentences.of(text.toString())) {
                assertThat(sentence.start()).as("seed %d", seed).isGreaterThanOrEqualTo(before);
                assertThat(sentence.text())
                        .as("seed %d", seed)
                        .isEqualTo(text.substring(sentence.start(), sentence.end()));
                assertThat(sentence.text()).as("seed %d", seed).isNotBlank();
                between.append(text, before, sentence.start());
                before = sentence.end();
            }
            between.append(text, before, text.length());
            assertThat(between.toString()).as("seed %d", seed).matches("[\\s\u00a0\u2028]*");
        }
    }

    @Test
    void sentence_ofWrongPlace_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sentence("abc", 2, 4));
        assertThat(new Sentence("abc", 2, 5).toString()).doesNotContain("abc");
    }
}
