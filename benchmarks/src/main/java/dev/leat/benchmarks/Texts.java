package dev.leat.benchmarks;

import java.util.Random;

/** Texts of random words; no two are alike. */
final class Texts {

    private static final String[] WORDS = ("the a of in quiet bright flat park late train good bad slow helpful price "
                    + "kitchen window noise people friendly morning never always again found lost light heavy")
            .split(" ");

    private Texts() {}

    /** Returns a text of about so many tokens. */
    static String of(int words, long number) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder().append(number);
        for (int i = 0; i < words; i++) {
            text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
