package dev.leat.examples.service;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What can be set; everything has a default.
 *
 * @param host address to listen on; {@code LEAT_HOST}, default the machine itself alone
 * @param port {@code LEAT_PORT}; 0 picks a free one
 * @param deadline of a request's analysis, waiting included; {@code LEAT_DEADLINE_MS}
 * @param drain how long running requests may take once the service is told to end; {@code LEAT_DRAIN_MS}
 * @param cache how long results may be answered again; {@code LEAT_CACHE_MS}, 0 is never
 * @param maxRequests in work at one moment, more get 429; {@code LEAT_MAX_REQUESTS}
 * @param maxRuns analysed at one moment by each pipeline, more wait a little, then get 429; {@code LEAT_MAX_RUNS}
 * @param maxTextChars {@code LEAT_MAX_TEXT_CHARS}
 * @param maxPictureBytes {@code LEAT_MAX_PICTURE_BYTES}
 * @param maxPixels {@code LEAT_MAX_PIXELS}
 * @param topics what {@code includeTopics} chooses among; {@code LEAT_TOPICS}, comma-separated
 */
record Settings(
        String host,
        int port,
        Duration deadline,
        Duration drain,
        Duration cache,
        int maxRequests,
        int maxRuns,
        int maxTextChars,
        int maxPictureBytes,
        long maxPixels,
        List<String> topics) {

    /** JSON needs up to six bytes for a char ({@code \u0000}), and a request has other members. */
    private static final int BYTES_PER_CHAR = 6;

    private static final int OTHER_BYTES = 16_384;

    Settings {
        topics = List.copyOf(topics);
        if (maxRequests < 1 || maxRuns < 1 || maxTextChars < 1 || maxPictureBytes < 1 || maxPixels < 1) {
            throw new IllegalArgumentException("limits must be at least 1");
        }
        if (deadline.isNegative() || deadline.isZero() || drain.isNegative() || cache.isNegative()) {
            throw new IllegalArgumentException(
                    "LEAT_DEADLINE_MS must be positive, LEAT_DRAIN_MS and LEAT_CACHE_MS not" + " negative");
        }
    }

    /** Reads the settings from the environment. */
    static Settings from(Map<String, String> environment) {
        return new Settings(
                environment.getOrDefault("LEAT_HOST", "127.0.0.1"),
                (int) number(environment, "LEAT_PORT", 8080, 65_535),
                Duration.ofMillis(number(environment, "LEAT_DEADLINE_MS", 10_000, Integer.MAX_VALUE)),
                Duration.ofMillis(number(environment, "LEAT_DRAIN_MS", 20_000, Integer.MAX_VALUE)),
                Duration.ofMillis(number(environment, "LEAT_CACHE_MS", 300_000, Integer.MAX_VALUE)),
                (int) number(environment, "LEAT_MAX_REQUESTS", 48, 1_000),
                (int) number(environment, "LEAT_MAX_RUNS", 16, 1_000),
                (int) number(environment, "LEAT_MAX_TEXT_CHARS", 10_000, 1_000_000),
                (int) number(environment, "LEAT_MAX_PICTURE_BYTES", 10_000_000, 50_000_000),
                number(environment, "LEAT_MAX_PIXELS", 25_000_000, 200_000_000),
                Arrays.stream(environment
                                .getOrDefault("LEAT_TOPICS", "business,sports,science and technology,politics,health")
                                .split(","))
                        .map(String::strip)
                        .toList());
    }

    /** The most bytes of a JSON request with one text. */
    int maxTextBytes() {
        return BYTES_PER_CHAR * maxTextChars + OTHER_BYTES;
    }

    private static long number(Map<String, String> environment, String name, long standard, long most) {
        String given = environment.get(name);
        if (given == null) {
            return standard;
        }
        try {
            long number = Long.parseLong(given.strip());
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, as a number out of range is
        }
        throw new IllegalArgumentException(name + " must be a number from 0 to " + most);
    }
}
