package io.duramen.wal;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a class logs while a test runs, instead of on the console.
public final class RecordedLog implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    private RecordedLog(Logger logger) {
        this.logger = logger;
        logger.addHandler(recorder);
        logger.setUseParentHandlers(false);
    }

    public static RecordedLog of(Class<?> owner) {
        return of(owner.getName());
    }

    public static RecordedLog of(String logger) {
        return new RecordedLog(Logger.getLogger(logger));
    }

    public List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /// What was thrown, of those records that tell it.
    public List<Throwable> causes() {
        return records.stream().map(LogRecord::getThrown).filter(Objects::nonNull).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(recorder);
        logger.setUseParentHandlers(true);
    }
}
