package dev.leat.benchmarks.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of random words. */
public final class Texts {

    /** Each is one token of BERT's uncased vocabulary. */
    private static final List<String> WORDS = List.of(
            ("the a of in quiet bright flat park late train good bad slow helpful price kitchen window noise people"
                            + " friendly morning never always again found lost light heavy")
                    .split(" "));

    private Texts() {}

    /**
     * Returns a text of a number and so many words; no two numbers give the same.
     *
     * @param words how many, besides the number
     * @param number any
     * @return the text
     */
    public static String of(int words, long number) {
        return number + " " + ofTokens(words + 2, number);
    }

    /**
     * Returns a text of exactly so many tokens.
     *
     * @param tokens special ones counted, at least 3; from 16 on no two numbers of a comparison give the same
     * @param number any
     * @return the text
     */
    public static String ofTokens(int tokens, long number) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens - 2; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    /**
     * Returns texts of 4 to 200 words, evenly spread, in no order.
     *
     * @param count how many
     * @param number of the first; each takes one
     * @return the texts
     */
    public static List<String> mixed(int count, long number) {
        Random random = new Random(number);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(of(4 + random.nextInt(197), number + i));
        }
        return texts;
    }
}
