package dev.leat.benchmarks.compare;

import java.util.Random;

/** Reviews as people write them, put together from parts. */
final class Reviews {

    private static final String[] SUBJECTS = {
        "The flat",
        "Our room",
        "The kitchen",
        "The second half of the film",
        "The main actor",
        "The train to the coast",
        "The driver",
        "The new stadium",
        "The home side",
        "The minister's speech",
        "The council's plan",
        "The landlord",
        "The camera work",
        "The breakfast",
        "The view from the terrace",
        "The ticket office",
        "The goalkeeper",
        "The heating",
        "The story",
        "The guide"
    };
    private static final String[] VERBS = {
        "was", "turned out to be", "seemed", "is said to be", "was, after all,", "had always been", "became"
    };
    private static final String[] OPINIONS = {
        "quiet and bright",
        "a great disappointment",
        "better than we had hoped",
        "dull from start to end",
        "well worth the price",
        "dirty and far too small",
        "a pleasure",
        "late again",
        "the best of its kind",
        "hardly worth a second look",
        "friendly and patient",
        "rude to everybody",
        "clever and moving",
        "cold at night",
        "neither good nor bad",
        "what we had paid for",
        "so noisy that nobody slept",
        "full of surprises",
        "not as bad as people say",
        "simply broken"
    };
    private static final String[] ENDINGS = {
        ".",
        ", and we told them so.",
        ", which nobody had expected.",
        ", but the rest made up for it.",
        ", though my sister disagrees.",
        ", and we shall come again.",
        ", so we left early.",
        " this year.",
        "!"
    };

    private Reviews() {}

    /** Returns a text of so many sentences. */
    static String of(int sentences, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            text.append(i == 0 ? "" : " ")
                    .append(one(SUBJECTS, random))
                    .append(' ')
                    .append(one(VERBS, random))
                    .append(' ')
                    .append(one(OPINIONS, random))
                    .append(one(ENDINGS, random));
        }
        return text.toString();
    }

    private static String one(String[] parts, Random random) {
        return parts[random.nextInt(parts.length)];
    }
}
