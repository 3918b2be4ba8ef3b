package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.IoTicket;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A scheduler whose operations fail when told to, and that can be stopped: chains then wait until
/// it goes on. What it lets pass, the one behind it executes.
final class FaultyScheduler implements IoScheduler {
    private final IoScheduler behind;
    private final Faults faults;
    private Predicate<IoChain> stopped = _ -> false;
    private int waiting;

    FaultyScheduler(IoScheduler behind, Faults faults) {
        this.behind = behind;
        this.faults = faults;
    }

    synchronized void stop() {
        stopAt(_ -> true);
    }

    /// From now on such chains wait.
    synchronized void stopAt(Predicate<IoChain> chains) {
        stopped = chains;
    }

    synchronized void goOn() {
        stopped = _ -> false;
        notifyAll();
    }

    /// Waits until a chain waits.
    synchronized void awaitWaiting() throws InterruptedException {
        while (waiting == 0) {
            wait();
        }
    }

    private synchronized void pass(IoChain chain) {
        waiting++;
        notifyAll();
        boolean interrupted = false;
        while (stopped.test(chain)) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        waiting--;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public IoResult execute(IoChain chain) {
        pass(chain);
        List<IoOperation> operations = chain.operations();
        for (int i = 0; i < operations.size(); i++) {
            Optional<WalException> fault = fault(operations.get(i));
            if (fault.isPresent()) {
                return new IoResult.Failed(i, executeFirst(i, operations), fault.get());
            }
        }
        return behind.execute(chain);
    }

    private long executeFirst(int count, List<IoOperation> operations) {
        return count == 0 ? 0 : behind.execute(new IoChain(operations.subList(0, count))).orThrow();
    }

    private Optional<WalException> fault(IoOperation operation) {
        return switch (operation) {
            case IoOperation.Write write ->
                    faults.seen(Faults.Kind.WRITE, write.file().path(), write.offset());
            case IoOperation.Writev write ->
                    faults.seen(Faults.Kind.WRITE, write.file().path(), write.offset());
            case IoOperation.Fallocate allocation -> faults.seen(
                    Faults.Kind.ALLOCATE, allocation.file().path(), allocation.offset());
            case IoOperation.Fdatasync sync ->
                    faults.seen(Faults.Kind.SYNC, sync.file().path(), 0);
            case IoOperation.Fsync sync ->
                    faults.seen(Faults.Kind.SYNC, sync.file().path(), 0);
            case IoOperation.Read _,IoOperation.Readv _ -> Optional.empty();
        };
    }

    @Override
    public IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete) {
        throw new UnsupportedOperationException("the log executes; write this when it submits");
    }

    @Override
    public IoStatistics statistics() {
        return behind.statistics();
    }

    @Override
    public String driverName() {
        return "faulty " + behind.driverName();
    }

    @Override
    public void close() {
        behind.close();
    }
}
