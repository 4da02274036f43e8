package dev.leat.examples.cli;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a job is, how fast it goes and how long it will take. */
interface Progress extends AutoCloseable {

    /** Shows nothing. */
    Progress NONE = done -> {};

    /** Takes the number of items that are done. */
    void done(long items);

    @Override
    default void close() {}

    /** Returns a progress bar on standard error. */
    static Progress bar(String task, long items) {
        int width = 100;
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(items)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .showSpeed()
                // Not the library's own consumer, which would load native code to measure the terminal.
                .setConsumer(new DelegatingProgressBarConsumer(line -> System.err.print("\r" + line), width))
                .build();
        return new Progress() {
            @Override
            public void done(long items) {
                bar.stepTo(items);
            }

            @Override
            public void close() {
                bar.close();
                System.err.println();
            }
        };
    }
}
