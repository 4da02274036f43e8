package dev.leat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who could ride along with the piece of work whose turn has come, found in the order of the queue; confined.
 *
 * <p>Riders fit the first one's call, and the other permits are left their share of what waits. Nobody in the queue is
 * passed over by more riders than there are permits; parts of one bulk run pass each other freely.
 */
final class Riders<W extends Riders.Waiting> {

    /** A piece of work in the queue. */
    interface Waiting {
        BatchStep<?, ?> step();

        StepFacts facts();

        long cost();

        /** What this is a part of whose parts may pass each other, or null. */
        @Nullable
        Object group();

        /** How many riders have passed it over. */
        int passedOver();

        void passOver();
    }

    private final W first;
    private final List<W> queue;
    private final int permits;
    private final List<Integer> fitting = new ArrayList<>(); // indices into queue
    private final List<Long> costs = new ArrayList<>(); // the first one's, then theirs
    private long shortest;
    private long longest;

    private Riders(W first, List<W> queue, int permits) {
        this.first = first;
        this.queue = queue;
        this.permits = permits;
        this.shortest = first.cost();
        this.longest = shortest;
        costs.add(shortest);
    }

    static <W extends Waiting> Riders<W> of(W first, List<W> queue, int permits) {
        Riders<W> riders = new Riders<>(first, queue, permits);
        riders.find();
        return riders;
    }

    private void find() {
        int room = Integer.MAX_VALUE; // riders whom those that were passed over still let pass
        int roomForOthers = room; // the same for riders who are not of the first one's group
        int same = 1; // of the step, whether they fit or not
        for (int i = 0; i < queue.size() && costs.size() < first.facts().maxBatchItems(); i++) {
            W each = queue.get(i);
            boolean mates = mates(first, each);
            same += each.step().equals(first.step()) ? 1 : 0;
            if (room > 0 && (mates || roomForOthers > 0) && fits(each)) {
                fitting.add(i);
                costs.add(each.cost());
                room--;
                roomForOthers -= mates ? 0 : 1;
            } else if (mates) {
                roomForOthers = Math.min(roomForOthers, permits - each.passedOver());
            } else {
                room = Math.min(room, permits - each.passedOver());
            }
        }
        int share = Math.max(1, (same + permits - 1) / permits);
        while (costs.size() > share) {
            costs.remove(costs.size() - 1);
        }
    }

    private static boolean mates(Waiting one, Waiting other) {
        return one.group() != null && one.group() == other.group();
    }

    private boolean fits(W each) {
        if (!each.step().equals(first.step())) {
            return false;
        }
        long least = Math.min(shortest, each.cost());
        long most = Math.max(longest, each.cost());
        if (!StepCosts.fit(least, most) || most > first.facts().maxBatchCost() / (costs.size() + 1)) {
            return false;
        }
        shortest = least;
        longest = most;
        return true;
    }

    /** The costs of the first one and of all that could ride along, in order. */
    long[] costs() {
        return costs.stream().mapToLong(Long::longValue).toArray();
    }

    /** The first so many riders; whom they pass over remembers it. */
    List<W> take(int count) {
        List<W> taken = new ArrayList<>();
        for (int index : fitting.subList(0, count)) {
            W rider = queue.get(index);
            for (int i = 0; i < index; i++) {
                if (!fitting.contains(i) && !mates(queue.get(i), rider)) {
                    queue.get(i).passOver();
                }
            }
            taken.add(rider);
        }
        return taken;
    }
}
