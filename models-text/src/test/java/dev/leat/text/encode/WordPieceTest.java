package dev.leat.text.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.text.Golden;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The tokenizer in Java against the native one. */
class WordPieceTest {

    private static final ModelFolder FOLDER = ModelSource.classPath().folder("bge-small-en-v1.5-int8");
    private static final TextTokenizer TOKENIZER = TextTokenizer.open(FOLDER, "tokenizer.json");
    private static final WordPiece WORD_PIECE =
            WordPiece.of(FOLDER.bytes("tokenizer.json")).orElseThrow();

    private static final int[][] BLOCKS = {
        {0, 0x7f},
        {0x20, 0x7e},
        {0x61, 0x7a},
        {0x61, 0x7a},
        {0x80, 0x24f},
        {0x250, 0x36f},
        {0x370, 0x5ff},
        {0x600, 0x7ff},
        {0x900, 0xdff},
        {0xe00, 0x10ff},
        {0x1100, 0x11ff},
        {0x1200, 0x1fff},
        {0x2000, 0x206f},
        {0x20a0, 0x2bff},
        {0x3000, 0x30ff},
        {0x3100, 0x4dff},
        {0x4e00, 0x9fff},
        {0xa000, 0xabff},
        {0xac00, 0xd7ff},
        {0xd800, 0xdfff},
        {0xe000, 0xf8ff},
        {0xf900, 0xffff},
        {0x10000, 0x1ffff},
        {0x1d400, 0x1d7ff},
        {0x1f300, 0x1faff},
        {0x20000, 0x2ffff},
        {0xe0000, 0xe01ff},
        {0, 0x10ffff}
    };

    private static final String[] PIECES = {
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "[PAD]",
        "[UNK]",
        "[",
        "]",
        "[[",
        "[MASK",
        "##",
        "ing",
        "un",
        "the ",
        " ",
        "\n",
        "e\u0301",
        "\u0130",
        "\u1e9e",
        "\ufb03",
        "\u0390",
        "\u1100\u1161\u11a8",
        "\ufdfa",
        "3.14",
        "don't",
        "\u200d"
    };

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    /** Compares a text; returns false if it is one that is left to the native tokenizer. */
    static boolean compare(String text, String what) {
        TextTokenizer.Tokens pure = WORD_PIECE.tokenize(text);
        if (pure == null) {
            return false;
        }
        TextTokenizer.Tokens reference = TOKENIZER.tokenizeNatively(text);
        assertThat(pure.ids()).as(what).isEqualTo(reference.ids());
        assertThat(pure.starts()).as(what).isEqualTo(reference.starts());
        assertThat(pure.ends()).as(what).isEqualTo(reference.ends());
        assertThat(pure.words()).as(what).isEqualTo(reference.words());
        return true;
    }

    static String random(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(12); parts >= 0; parts--) {
            if (random.nextInt(4) == 0) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            } else {
                int[] block = BLOCKS[random.nextInt(BLOCKS.length)];
                for (int i = random.nextInt(random.nextInt(20) == 0 ? 120 : 8); i >= 0; i--) {
                    text.appendCodePoint(block[0] + random.nextInt(block[1] - block[0] + 1));
                }
            }
            text.append(random.nextInt(3) == 0 ? " " : "");
        }
        return text.toString();
    }

    @Test
    void tokenize_everyCodePoint_agreesWithTheNativeOne() {
        int left = 0;
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (BertUnicode.TABLE.kind(codePoint) == BertUnicode.HARD) {
                left++;
            } else {
                text.append("in")
                        .appendCodePoint(codePoint)
                        .append("to ")
                        .appendCodePoint(codePoint)
                        .append(' ');
            }
            if (codePoint % 512 == 511) {
                assertThat(compare(text.toString(), "code points up to " + codePoint))
                        .isTrue();
                text.setLength(0);
            }
        }
        assertThat(left).isLessThan(40);
    }

    @Test
    void tokenize_randomTexts_agreesWithTheNativeOne() {
        int compared = 0;
        for (long seed = 0; seed < 4_000; seed++) {
            compared += compare(random(seed), "seed " + seed) ? 1 : 0;
        }
        assertThat(compared).isGreaterThan(3_900);
    }

    @Test
    void tokenize_goldenTexts_needsNoNativeCode() {
        try (TextTokenizer tokenizer = TextTokenizer.open(FOLDER, "tokenizer.json")) {
            Golden.cases("parity")
                    .forEach(golden -> tokenizer.tokenize(golden.get("text").getAsString()));
            assertThat(tokenizer.isNativeLoaded()).isFalse();
            assertThat(tokenizer.tokenize("a\u302e\u302fb").size()).isPositive();
            assertThat(tokenizer.isNativeLoaded()).isTrue();
        }
    }

    @Test
    void of_anotherTokenizer_isLeftToTheNativeOne() {
        String json = new String(FOLDER.bytes("tokenizer.json"), UTF_8);
        for (String[] change : new String[][] {
            {"\"lowercase\":true", "\"lowercase\":false"},
            {"\"strip_accents\":null", "\"strip_accents\":false"},
            {"\"WordPiece\"", "\"BPE\""},
            {"\"BertPreTokenizer\"", "\"Whitespace\""},
            {"\"handle_chinese_chars\":true", "\"handle_chinese_chars\":false"}
        }) {
            String compact = json.replaceAll("\"(\\w+)\": (true|false|null|\")", "\"$1\":$2");
            String changed = compact.replace(change[0], change[1]);
            assertThat(changed).isNotEqualTo(compact);
            assertThat(WordPiece.of(changed.getBytes(UTF_8))).isEmpty();
        }
        assertThat(WordPiece.of("{}".getBytes(UTF_8))).isEmpty();
        assertThat(WordPiece.of("no json {".getBytes(UTF_8))).isEmpty();
    }

    /**
     * Compares as many random texts as one has time for.
     *
     * @param arguments how many, and the first seed
     */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[1]);
        long compared = 0;
        for (long seed = first; seed < first + Long.parseLong(arguments[0]); seed++) {
            compared += compare(random(seed), "seed " + seed) ? 1 : 0;
        }
        System.out.println(compared + " texts agree");
    }
}
