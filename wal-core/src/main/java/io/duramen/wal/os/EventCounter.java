package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// An eventfd(2): whoever reads it waits until someone adds to it. Any thread may add.
public final class EventCounter implements AutoCloseable {
    public static final long BYTES = Long.BYTES;

    private static final Path NAME = Path.of("eventfd");
    private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1);

    private final Descriptor descriptor;

    private EventCounter(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static EventCounter open() {
        return new EventCounter(Descriptor.own(
                (int) Errno.check("eventfd", NAME, RingCalls.eventfd()), NAME));
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /// Wakes the reader. Does nothing once this is closed.
    public void add() {
        if (descriptor.tryUse()) {
            try {
                Errno.check("write", NAME,
                        Errno.retrying(() -> FileCalls.write(descriptor.number(), ONE)));
            } finally {
                descriptor.endUse();
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
