package dev.leat.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.InvalidInputException;
import dev.leat.guard.Guard.Removal;
import dev.leat.guard.Guard.Verdict;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextGuardTest {

    private static final TextGuard GUARD = TextGuard.standard();
    private static final Pattern SCRIPT = Pattern.compile("(?i)<script(?:[\\s/>]|$)");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a<script>x</script>b | ab | 1",
                "a<SCRIPT src=\"x>y\">x</ScRiPt >b | ab | 1",
                "a<script>x<script>y</script>z</script>b | ab | 1",
                "a<scr<script>x</script>ipt>alert(1)</script>b | ab | 2",
                "a<script>never closed | a | 1",
                "a<script | a | 1",
                "a<script/x>y</script/>b | ab | 1",
                "the <scripture> is kept | the <scripture> is kept | 0",
                "1 < 2 and <script-like> too | 1 < 2 and <script-like> too | 0",
            })
    void check_scriptBlocks_areRemovedAndCounted(String text, String cleaned, int count) {
        Verdict<String> verdict = GUARD.check(text);

        assertThat(verdict.input()).isEqualTo(cleaned);
        if (count > 0) {
            assertThat(verdict.removals()).contains(new Removal("script-block", count));
        } else {
            assertThat(verdict.removals()).isEmpty();
        }
    }

    @Test
    void check_controlCharacters_areRemovedButNewlineAndTab() {
        Verdict<String> verdict = GUARD.check("a\u0000b\u0007c\td\ne\r\u0085f\u007f");

        assertThat(verdict.input()).isEqualTo("abc\td\nef");
        assertThat(verdict.removals()).containsExactly(new Removal("control-character", 5));
    }

    @Test
    void check_controlCharacterInsideATag_doesNotHideIt() {
        assertThat(GUARD.check("a<scr\u0000ipt>x</script>b").input()).isEqualTo("ab");
    }

    @Test
    void check_loneSurrogates_areRemovedAndPairsStay() {
        Verdict<String> verdict = GUARD.check("a\ud83db\ud83d\ude00c\ude00");

        assertThat(verdict.input()).isEqualTo("ab\ud83d\ude00c");
        assertThat(verdict.removals()).containsExactly(new Removal("lone-surrogate", 2));
    }

    @Test
    void check_spaceAtBothEnds_isTrimmedAndCounted() {
        Verdict<String> verdict = GUARD.check("  a b \n");

        assertThat(verdict.input()).isEqualTo("a b");
        assertThat(verdict.removals()).containsExactly(new Removal("blank-edge", 4));
    }

    @Test
    void check_cleanText_isTheSameWithoutReport() {
        assertThat(GUARD.check("Nothing to do.")).isEqualTo(new Verdict<>("Nothing to do.", java.util.List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t ", "\u0000\u0001", "\ud800", "<script>x</script>", "\u2003"})
    void check_nothingLeft_isBlank(String text) {
        assertThatThrownBy(() -> GUARD.check(text))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("blank"));
    }

    @Test
    void check_tooLong_saysHowLongAndHowToMendIt() {
        assertThatThrownBy(() -> TextGuard.builder().maxChars(3).build().check("secret"))
                .isInstanceOfSatisfying(InvalidInputException.class, e -> {
                    assertThat(e.code()).isEqualTo("too-long");
                    assertThat(e).hasMessageContaining("6 chars").hasMessageContaining("maxChars");
                    assertThat(e.getMessage()).doesNotContain("secret");
                });
    }

    @Test
    void check_anyText_leavesNoScriptAndCleansOnce() {
        String[] pieces = {
            "<script", "</script", ">", "<scr", "ipt", "/", " ", "x", "<", "\u0000", "\ud83d", "\ude00", "S", "\n"
        };
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder("k");
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String cleaned = GUARD.check(text.toString()).input();
            assertThat(SCRIPT.matcher(cleaned).find()).as("seed %d", seed).isFalse();
            assertThat(GUARD.check(cleaned).input()).as("seed %d", seed).isEqualTo(cleaned);
        }
    }

    @Test
    void offsets_anyText_leadEachKeptCharToItself() {
        String[] pieces = {
            "<script", "</script", ">", "<scr", "ipt", "/", " ", "x", "<", "\u0000", "\ud83d", "\ude00", "S", "\n"
        };
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String given = text.insert(random.nextInt(text.length() + 1), 'k').toString();
            Verdict<String> verdict;
            try {
                verdict = GUARD.check(given);
            } catch (InvalidInputException e) {
                assertThat(e.code()).isEqualTo("blank");
                continue;
            }
            String cleaned = verdict.input();
            int before = -1;
            for (int i = 0; i < cleaned.length(); i++) {
                int place = verdict.offsets().start(i);
                assertThat(given.charAt(place)).as("seed %d, char %d", seed, i).isEqualTo(cleaned.charAt(i));
                assertThat(place).as("seed %d, char %d", seed, i).isGreaterThan(before);
                assertThat(verdict.offsets().end(i + 1)).isEqualTo(place + 1);
                before = place;
            }
        }
    }

    @Test
    void offsets_ofAStretch_holdWhatWasRemovedInsideAndNothingAround() {
        String given = "  <script>x</script>Ange\u0000la\u0007 left";

        Verdict<String> verdict = GUARD.check(given);

        assertThat(verdict.input()).isEqualTo("Angela left");
        int start = verdict.offsets().start(0);
        int end = verdict.offsets().end(6);
        assertThat(given.substring(start, end)).isEqualTo("Ange\u0000la");
        assertThat(GUARD.check("Angela left").offsets()).isEqualTo(Offsets.none());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script", "<scr<script></script>ipt>", "<script>", "</script>", "<", "\ud83d"})
    void check_tenMegabytes_takeLinearTime(String piece) {
        TextGuard large = TextGuard.builder().maxChars(20_000_000).build();
        String text = "k" + piece.repeat(10_000_000 / piece.length());

        // Quadratic time would be hours.
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(large.check(text).input()).startsWith("k"));
    }
}
