package dev.leat.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A runtime's state in the flight recorder, every second unless the recording says otherwise. */
@Name("dev.leat.Runtime")
@Label("Runtime")
@Category("Leat")
@Description("Permits, queue and models of a runtime")
@Period("1 s")
@StackTrace(false)
final class SnapshotEvent extends Event {

    @Label("Running")
    int running;

    @Label("Permits")
    int permits;

    @Label("Waiting")
    int waiting;

    @Label("Oldest Wait")
    @Timespan(Timespan.NANOSECONDS)
    long oldestWait;

    @Label("Open Models")
    int openModels;

    @Label("Model Bytes")
    @DataAmount
    long modelBytes;

    @Label("Sessions")
    int sessions;

    @Label("Cache Hits")
    long cacheHits;

    @Label("Cache Misses")
    long cacheMisses;

    @Label("Cached Bytes")
    @DataAmount
    long cachedBytes;

    static void commit(RuntimeSnapshot snapshot) {
        SnapshotEvent event = new SnapshotEvent();
        event.running = snapshot.running().size();
        event.permits = snapshot.permits();
        event.waiting = snapshot.waiting();
        event.oldestWait = snapshot.oldestWait().toNanos();
        event.openModels = snapshot.openModels();
        event.modelBytes = snapshot.modelBytes();
        event.sessions = snapshot.sessions();
        event.cacheHits = snapshot.cache().hits();
        event.cacheMisses = snapshot.cache().misses();
        event.cachedBytes = snapshot.cache().bytes();
        event.commit();
    }
}
