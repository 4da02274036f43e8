package dev.leat;

/** When a run ends. */
public enum Join {
    /** Every stage is settled; one failure leaves the others alone. The default. */
    SETTLED,
    /** Every stage is settled, but the first failure cancels those under way. */
    ALL
}
