package dev.pointsman.cli;

/** What the process answers with; documented in {@code docs/cli.md}. */
final class ExitCode {

    static final int OK = 0;

    /** Something went wrong that should not have: a defect of Pointsman. */
    static final int INTERNAL = 1;

    /** Wrong arguments, policy, input or ledger: the user must change something. */
    static final int BAD_INPUT = 2;

    /** At least one task has no answer, or training found nothing better. */
    static final int NO_ANSWER = 3;

    /** Stopped by the user; 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
