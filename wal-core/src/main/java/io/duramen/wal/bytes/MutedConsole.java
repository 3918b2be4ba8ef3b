package io.duramen.wal.bytes;

import java.io.OutputStream;
import java.io.PrintStream;

/// Drops what the thread that made it prints, until it is closed. What other threads print goes
/// through, also for one that picked a stream up meanwhile and keeps it.
final class MutedConsole implements AutoCloseable {
    private final Thread muted = Thread.currentThread();
    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;
    private final PrintStream out = filtered(outBefore);
    private final PrintStream err = filtered(errBefore);
    private volatile boolean over;

    MutedConsole() {
        System.setOut(out);
        System.setErr(err);
    }

    /// Puts the streams back, unless somebody has set others since.
    @Override
    public void close() {
        over = true;
        if (System.out == out) {
            System.setOut(outBefore);
        }
        if (System.err == err) {
            System.setErr(errBefore);
        }
    }

    private PrintStream filtered(PrintStream target) {
        return new PrintStream(new Filter(target), true, target.charset());
    }

    private final class Filter extends OutputStream {
        private final PrintStream target;

        Filter(PrintStream target) {
            this.target = target;
        }

        @Override
        public void write(int value) {
            if (passes()) {
                target.write(value);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (passes()) {
                target.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() {
            target.flush();
        }

        private boolean passes() {
            return over || Thread.currentThread() != muted;
        }
    }
}
