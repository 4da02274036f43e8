package dev.leat.examples.cli;

import dev.leat.InvalidInputException;
import dev.leat.guard.Guard;

/**
 * One input with its id; immutable.
 *
 * @param <T> what the stages work on
 * @param id names it in the output
 * @param content gives what the stages work on; may read a file
 */
record Item<T>(String id, Content<? extends T> content) {

    /** Where an item's value comes from. */
    @FunctionalInterface
    interface Content<T> {
        /**
         * Returns the value.
         *
         * @throws InvalidInputException if there is none; that fails this item alone
         */
        T get();
    }

    /** Loads an item and checks what it loaded, so that unreadable items are refused as any other bad input is. */
    record Door<T>(Guard<T> guard) implements Guard<Item<T>> {
        @Override
        public Verdict<Item<T>> check(Item<T> input) {
            Verdict<T> verdict = guard.check(input.content().get());
            T checked = verdict.input();
            return new Verdict<>(new Item<>(input.id(), () -> checked), verdict.removals(), verdict.offsets());
        }
    }

    T value() {
        return content.get();
    }

    /** Returns the id alone: a text may be private. */
    @Override
    public String toString() {
        return "Item[" + id + "]";
    }
}
