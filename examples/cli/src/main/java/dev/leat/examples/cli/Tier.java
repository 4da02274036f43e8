package dev.leat.examples.cli;

/** Which models answer. */
enum Tier {
    /** Quick models, the default. */
    FAST,
    /** Better and slower models. */
    ACCURATE;

    /** Returns why this tier cannot be had, or an empty string. */
    String objection() {
        return this == FAST ? "" : "--tier accurate is not available yet; use fast";
    }
}
