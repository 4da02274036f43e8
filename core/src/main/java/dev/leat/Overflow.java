package dev.leat;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What becomes of a run that a pipeline has no room for; immutable.
 *
 * @see Pipeline.Builder#maxRuns
 */
public final class Overflow {

    /** The most runs that wait for room in one pipeline. */
    public static final int MAX_WAITING = 10_000;

    enum Kind {
        REJECT,
        FALL_BACK,
        WAIT
    }

    private static final Overflow REJECT = new Overflow(Kind.REJECT, Duration.ZERO);
    private static final Overflow FALL_BACK = new Overflow(Kind.FALL_BACK, Duration.ZERO);

    private final Kind kind;
    private final Duration wait;

    private Overflow(Kind kind, Duration wait) {
        this.kind = kind;
        this.wait = wait;
    }

    /**
     * Returns the policy that refuses at once: every stage is Failed with {@link OverloadedException}.
     *
     * @return the policy
     */
    public static Overflow reject() {
        return REJECT;
    }

    /**
     * Returns the policy that refuses model work alone: stages whose fallbacks are rules answer with them, as Degraded.
     *
     * @return the policy
     */
    public static Overflow fallBack() {
        return FALL_BACK;
    }

    /**
     * Returns the policy that waits for room, in order of arrival, and then refuses as {@link #reject()} does.
     *
     * <p>A run's deadline counts while it waits, and no thread but the one inside {@code run} does. At most
     * {@value #MAX_WAITING} runs wait; more are refused at once.
     *
     * @param atMost how long, positive
     * @return the policy
     */
    public static Overflow waitUpTo(Duration atMost) {
        requireNonNull(atMost, "atMost");
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("atMost must be positive, was " + atMost);
        }
        return new Overflow(Kind.WAIT, atMost);
    }

    Kind kind() {
        return kind;
    }

    long waitNanos() {
        return wait.toNanos();
    }

    @Override
    public String toString() {
        return kind == Kind.WAIT ? "Overflow[WAIT, " + wait + "]" : "Overflow[" + kind + "]";
    }
}
