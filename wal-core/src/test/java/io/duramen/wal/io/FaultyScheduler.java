package io.duramen.wal.io;

import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Puts an operation that fails in the place of one of a chain's, now and then: a write to a file
/// that is open for reading only.
final class FaultyScheduler implements IoScheduler {
    private static final MemorySegment BYTES = Arena.global().allocate(8);

    private final IoScheduler scheduler;
    private final IoFile readOnly;
    private final Random random;

    FaultyScheduler(IoScheduler scheduler, IoFile readOnly, Random random) {
        this.scheduler = scheduler;
        this.readOnly = readOnly;
        this.random = random;
    }

    private IoChain perhapsBroken(IoChain chain) {
        if (random.nextInt(8) > 0) {
            return chain;
        }
        List<IoOperation> operations = new ArrayList<>(chain.operations());
        operations.set(random.nextInt(operations.size()), new Write(readOnly, BYTES, 0));
        return new IoChain(operations, chain.link(), chain.timeout());
    }

    @Override
    public IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete) {
        return scheduler.submit(perhapsBroken(chain), whenComplete);
    }

    @Override
    public IoResult execute(IoChain chain) {
        return scheduler.execute(perhapsBroken(chain));
    }

    @Override
    public IoStatistics statistics() {
        return scheduler.statistics();
    }

    @Override
    public String driverName() {
        return "faulty " + scheduler.driverName();
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
