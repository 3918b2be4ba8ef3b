package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.IoTicket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A scheduler that holds back or fails what a test says, and hands the rest to a real one.
final class ScriptedScheduler implements IoScheduler {
    /// A submission that is held back; it completes when it was let go, or failed.
    private static final class Held extends IoTicket {
        private final IoChain chain;
        private final Consumer<IoResult> whenComplete;

        Held(IoChain chain, Consumer<IoResult> whenComplete) {
            this.chain = chain;
            this.whenComplete = whenComplete;
        }

        void submitTo(IoScheduler real) {
            real.submit(chain, this::end);
        }

        void end(IoResult result) {
            complete(result);
            whenComplete.accept(result);
        }

        @Override
        public void cancel() {
            throw new UnsupportedOperationException("nobody cancels; write this when someone does");
        }
    }

    private final IoScheduler real;
    private final List<Held> held = new ArrayList<>();
    private Predicate<IoChain> toHold = _ -> false;
    private Predicate<IoChain> toFail = _ -> false;
    private Predicate<IoChain> toFailHere = _ -> false;
    private RuntimeException refusal;
    private int failingAfter;
    private final Set<Path> failed = new HashSet<>();
    private int triedAgain;

    ScriptedScheduler(IoScheduler real) {
        this.real = real;
    }

    static Predicate<IoChain> with(Class<? extends IoOperation> kind) {
        return chain -> chain.operations().stream().anyMatch(kind::isInstance);
    }

    static WalException failure() {
        return new WalException.Io("pwrite", Path.of("broken"), 5, "broken");
    }

    /// Fails the nth chain that writes or syncs from now on, counted from 1, submitted or executed,
    /// and none after it.
    synchronized void failNth(int nth) {
        failingAfter = nth;
        failed.clear();
        triedAgain = 0;
    }

    /// True where the nth chain has come.
    synchronized boolean hasFailedNth() {
        return !failed.isEmpty();
    }

    /// Chains that write to or sync a file of which a write or sync had failed.
    synchronized int triedAgain() {
        return triedAgain;
    }

    private boolean isNth(IoChain chain) {
        List<Path> changed = chain.operations().stream()
                .filter(one -> !(one instanceof IoOperation.Read)).map(one -> one.file().path())
                .toList();
        triedAgain += changed.stream().anyMatch(failed::contains) ? 1 : 0;
        if (changed.isEmpty() || --failingAfter != 0) {
            return false;
        }
        failed.addAll(changed);
        return true;
    }

    /// Holds back what is submitted from now on.
    synchronized void hold(Predicate<IoChain> which) {
        toHold = which;
    }

    synchronized void fail(Predicate<IoChain> which) {
        toFail = which;
    }

    /// Fails what is executed on its caller's thread.
    synchronized void failExecuted(Predicate<IoChain> which) {
        toFailHere = which;
    }

    /// Refuses what is submitted from now on; null for no more.
    synchronized void refuse(RuntimeException with) {
        refusal = with;
    }

    synchronized int held() {
        return held.size();
    }

    /// Lets go of all that is held back, and holds back no more.
    void release() {
        takeHeld().forEach(one -> one.submitTo(real));
    }

    /// Fails all that is held back, and holds back no more.
    void failHeld() {
        takeHeld().forEach(one -> one.end(failed()));
    }

    /// Completes the oldest one that is held back.
    void releaseOne() {
        Held one;
        synchronized (this) {
            one = held.removeFirst();
        }
        one.submitTo(real);
    }

    private synchronized List<Held> takeHeld() {
        toHold = _ -> false;
        List<Held> all = List.copyOf(held);
        held.clear();
        return all;
    }

    private static IoResult failed() {
        return new IoResult.Failed(0, 0, failure());
    }

    @Override
    public IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete) {
        synchronized (this) {
            if (refusal != null) {
                throw refusal;
            }
            if (toHold.test(chain)) {
                Held one = new Held(chain, whenComplete);
                held.add(one);
                return one;
            }
            if (toFail.test(chain) || isNth(chain)) {
                IoResult failed = failed();
                whenComplete.accept(failed);
                return IoTicket.completed(failed);
            }
        }
        return real.submit(chain, whenComplete);
    }

    @Override
    public IoResult execute(IoChain chain) {
        synchronized (this) {
            if (toFailHere.test(chain) || isNth(chain)) {
                return failed();
            }
        }
        return real.execute(chain);
    }

    @Override
    public IoStatistics statistics() {
        return real.statistics();
    }

    @Override
    public String driverName() {
        return real.driverName();
    }

    @Override
    public void close() {
        release();
        real.close();
    }
}
