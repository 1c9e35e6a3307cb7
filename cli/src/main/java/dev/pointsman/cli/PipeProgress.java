package dev.pointsman.cli;

import dev.pointsman.core.Money;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.PrintStream;
import java.util.Optional;

/**
 * A bar on a terminal: how much of the input is done, the rate, the spend and the time left. Silent
 * elsewhere.
 */
final class PipeProgress implements AutoCloseable {

    private static final int REFRESH_MS = 200;
    private static final int COLUMNS = 110;
    private static final long KB = 1_000;

    private final Optional<ProgressBar> bar;
    private final long startNanos = System.nanoTime();

    /**
     * @param bytes the size of the input; 0 or less if unknown
     */
    PipeProgress(boolean terminal, long bytes) {
        bar = terminal ? Optional.of(open(bytes)) : Optional.empty();
    }

    void at(long bytesRead, long tasks, Money spent) {
        bar.ifPresent(shown -> {
            double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
            shown.stepTo(bytesRead);
            shown.setExtraMessage(
                    Figures.count(tasks)
                            + " tasks, "
                            + Figures.count(Math.round(tasks / seconds))
                            + "/s, "
                            + Figures.money(spent));
        });
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }

    private static ProgressBar open(long bytes) {
        return new ProgressBarBuilder()
                .setTaskName("pipe")
                .setInitialMax(Math.max(bytes, -1))
                .setUnit(" KB", KB)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MS)
                .setConsumer(
                        new ConsoleProgressBarConsumer(new PrintStream(System.err, true), COLUMNS))
                .build();
    }
}
