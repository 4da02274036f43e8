package dev.leat.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A question to the cache, in the flight recorder. */
@Name("dev.leat.Cache")
@Label("Cache")
@Category("Leat")
@Description("A cached stage asked the cache")
@StackTrace(false)
final class CacheEvent extends Event {

    @Label("Pipeline")
    @Nullable
    String pipeline;

    @Label("Step")
    @Nullable
    String step;

    @Label("Hit")
    boolean hit;

    static void commit(String pipeline, String step, boolean hit) {
        CacheEvent event = new CacheEvent();
        if (event.shouldCommit()) {
            event.pipeline = pipeline;
            event.step = step;
            event.hit = hit;
            event.commit();
        }
    }
}
