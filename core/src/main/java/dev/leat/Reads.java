package dev.leat;

import java.util.HashSet;
import java.util.Set;

/**
 * What is read of a step's values: everything, or of the parts that are made only where they are read, these; immutable.
 *
 * @param whole whether everything
 * @param parts names; empty if everything
 */
record Reads(boolean whole, Set<String> parts) {

    static final Reads WHOLE = new Reads(true, Set.of());
    static final Reads NO_PART = new Reads(false, Set.of());

    Reads {
        parts = Set.copyOf(parts);
    }

    static Reads of(Set<String> parts) {
        return parts.isEmpty() ? NO_PART : new Reads(false, parts);
    }

    boolean has(String part) {
        return whole || parts.contains(part);
    }

    /** Whether a value made for these readers does for others, too. */
    boolean covers(Reads others) {
        return whole || !others.whole && parts.containsAll(others.parts);
    }

    /** What these and other readers read together. */
    Reads and(Reads others) {
        if (covers(others)) {
            return this;
        }
        if (others.covers(this)) {
            return others;
        }
        Set<String> both = new HashSet<>(parts);
        both.addAll(others.parts);
        return new Reads(false, both);
    }
}
