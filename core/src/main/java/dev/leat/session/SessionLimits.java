package dev.leat.session;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much the sessions of a pipeline remember, and for how long; immutable.
 *
 * @param items the most inputs in a window, the present one included, at least 1
 * @param ttl how long an input stays in the window, positive
 * @param maxSessions how many sessions hold a window at a moment, at least 1; the one used longest ago goes first
 */
public record SessionLimits(int items, Duration ttl, int maxSessions) {

    /** 10 inputs, 30 minutes, 10,000 sessions. */
    public static final SessionLimits DEFAULT = new SessionLimits(10, Duration.ofMinutes(30), 10_000);

    /** Checks the components. */
    public SessionLimits {
        requireNonNull(ttl, "ttl");
        if (items < 1 || maxSessions < 1 || ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("items and maxSessions must be at least 1 and ttl positive, not " + items
                    + ", " + maxSessions + ", " + ttl);
        }
    }
}
