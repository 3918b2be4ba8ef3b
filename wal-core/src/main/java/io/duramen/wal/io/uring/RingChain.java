package io.duramen.wal.io.uring;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.io.posix.calls.HeldChain;
import io.duramen.wal.io.posix.calls.Submission;
import io.duramen.wal.os.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// How far an accepted chain has come.
///
/// A chain is executed in rounds. A round puts the operations that are not complete into the ring,
/// linked, so that the kernel itself keeps their order; when all of them have come back, what they
/// say is taken in order, up to the first that is not complete. Mostly that is all of them. A
/// transfer that moved a part only breaks the link, and the kernel cancels what is behind: the next
/// round puts the rest of the transfer, and those behind it again.
///
/// Made by whoever submits, owned by the ring's thread from the moment it takes the chain over.
final class RingChain implements Flight {
    private static final int NOT_PUT = Integer.MIN_VALUE;

    /// Neighbours in the list of [LiveChains].
    RingChain nextLive;
    RingChain previousLive;

    private final Submission submission;
    private final HeldChain chain;
    private final int[] results;
    private final long madeNanos = System.nanoTime();
    private int next; // the first operation that is not complete
    private long nextMoved; // bytes that it has moved
    private long transferred;
    private int lastPut;
    private int outstanding;
    private boolean alone; // is not to be merged any more

    RingChain(Submission submission) {
        this.submission = submission;
        chain = submission.chain();
        results = new int[chain.operations().size()];
        Arrays.fill(results, NOT_PUT);
    }

    long ageNanos() {
        return System.nanoTime() - madeNanos;
    }

    Submission submission() {
        return submission;
    }

    /// At most this many entries does the next round need.
    @Override
    public int entriesNeeded() {
        return results.length - next;
    }

    /// Takes in what came back, and what needs no system call.
    ///
    /// @return how the chain ended, or null where it needs another round
    IoResult settle(ChainCounters counters) {
        IoResult end = null;
        while (end == null && next < results.length && !needsRound()) {
            end = takeNext(counters);
        }
        Arrays.fill(results, NOT_PUT);
        return end == null && next == results.length ? new IoResult.Done(transferred) : end;
    }

    /// Whether the next operation has to be put into the ring before it can be settled.
    private boolean needsRound() {
        if (next >= chain.held()) {
            return false;
        }
        IoOperation operation = chain.operations().get(next);
        return switch (results[next]) {
            case NOT_PUT -> !isEmptyTransfer(operation) && unusable(operation) == null;
            case -Errno.ECANCELED, -Errno.EINTR -> true;
            case -Errno.EAGAIN -> !isSync(operation);
            default -> false;
        };
    }

    private IoResult takeNext(ChainCounters counters) {
        if (next >= chain.held()) {
            return new IoResult.Failed(next, transferred, chain.whyItEnds());
        }
        IoOperation operation = chain.operations().get(next);
        int result = results[next];
        results[next] = NOT_PUT;
        if (result == NOT_PUT) {
            RuntimeException unusable = unusable(operation);
            count(operation, counters);
            return unusable == null ? goOn() : fail(chain.unusable(next, unusable));
        }
        if (result < 0) {
            count(operation, counters);
            return fail(chain.failure(next, -result));
        }
        if (isSync(operation)) {
            count(operation, counters);
            return goOn();
        }
        return moved(operation, result, counters);
    }

    private IoResult moved(IoOperation operation, int bytes, ChainCounters counters) {
        nextMoved += bytes;
        transferred += bytes;
        if (bytes == 0 && operation instanceof Write) { // without a reason: never a success
            count(operation, counters);
            return fail(chain.failure(next, Errno.EIO));
        }
        if (bytes == 0 || nextMoved == operation.sizeBytes()) {
            count(operation, counters);
            return goOn();
        }
        return null; // the rest is for another round
    }

    private IoResult goOn() {
        next++;
        nextMoved = 0;
        return null;
    }

    /// The end it comes to where its next operation has this outcome.
    IoResult fail(WalException cause) {
        return new IoResult.Failed(next, transferred, cause);
    }

    private void count(IoOperation operation, ChainCounters counters) {
        switch (operation) {
            case Write _ -> counters.countWrite(nextMoved);
            case Read _ -> counters.countRead(nextMoved);
            case Fdatasync _ -> counters.countSync();
            case Fsync _ -> counters.countSync();
        }
    }

    /// Starts a round. The chain is not settled: [#settle(ChainCounters)] returned null.
    @Override
    public int put(RingEntries entries, int slot) {
        int last = lastOfRound(entries);
        for (int i = next; i <= last; i++) {
            IoOperation operation = chain.operations().get(i);
            if (isEmptyTransfer(operation)) {
                continue;
            }
            long moved = i == next ? nextMoved : 0;
            boolean linked = hasWorkBehind(i, last);
            entries.put(operation, chain.descriptor(i).number(), moved, linked, slot, i);
            lastPut = i;
            outstanding++;
        }
        return outstanding;
    }

    /// A round ends before what is not held and before bytes that cannot be used, which the
    /// next one finds in front; and behind a transfer that is too large for one entry, since its
    /// link would hold although a part is missing.
    private int lastOfRound(RingEntries entries) {
        int last = next;
        while (!exceedsEntry(last, entries) && last + 1 < chain.held()
                && unusable(chain.operations().get(last + 1)) == null) {
            last++;
        }
        return last;
    }

    private boolean exceedsEntry(int index, RingEntries entries) {
        long moved = index == next ? nextMoved : 0;
        return chain.operations().get(index).sizeBytes() - moved > entries.transferBytesMax();
    }

    private boolean hasWorkBehind(int index, int last) {
        for (int i = index + 1; i <= last; i++) {
            if (!isEmptyTransfer(chain.operations().get(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isLast(int index) {
        return index == lastPut;
    }

    @Override
    public boolean completed(int index, int result) {
        results[index] = result;
        outstanding--;
        return outstanding == 0;
    }

    @Override
    public void landed(RingLoop loop) {
        loop.settle(this);
    }

    /// Whether this is nothing but a write, or a write and its sync, of which nothing happened yet.
    boolean mayMerge() {
        return !alone && next == 0 && nextMoved == 0 && chain.held() == results.length
                && chain.operations().getFirst() instanceof Write
                && (results.length == 1 || isDurable());
    }

    /// For a chain that may merge: whether a sync follows the write.
    boolean isDurable() {
        return results.length == 2 && chain.operations().getLast() instanceof Fdatasync
                && chain.descriptor(0) == chain.descriptor(1);
    }

    /// For chains that may merge: whether this one's bytes follow the other's in the same file.
    boolean continues(RingChain other) {
        Write write = firstWrite();
        Write before = other.firstWrite();
        return chain.descriptor(0) == other.chain.descriptor(0)
                && before.offset() + before.sizeBytes() == write.offset();
    }

    Write firstWrite() {
        return (Write) chain.operations().getFirst();
    }

    int fd() {
        return chain.descriptor(0).number();
    }

    /// What a vectored write did for this chain. Should it miss something, it goes on alone.
    ///
    /// @param moved bytes of its write
    /// @param synced result of the sync behind the vectored write
    void tookPart(int moved, int synced) {
        alone = true;
        if (moved > 0) {
            results[0] = moved;
        }
        if (isDurable() && moved == firstWrite().sizeBytes()) {
            results[1] = synced;
        }
    }

    private static boolean isEmptyTransfer(IoOperation operation) {
        return !isSync(operation) && operation.sizeBytes() == 0;
    }

    static boolean isSync(IoOperation operation) {
        return operation instanceof Fdatasync || operation instanceof Fsync;
    }

    /// Why the kernel cannot be given the operation's bytes, null where it can.
    private static RuntimeException unusable(IoOperation operation) {
        return switch (operation) {
            case Write(_, var bytes, _) -> unusable(bytes);
            case Read(_, var into, _) -> unusable(into);
            case Fdatasync _ -> null;
            case Fsync _ -> null;
        };
    }

    private static RuntimeException unusable(MemorySegment bytes) {
        if (!bytes.isNative()) {
            return new IllegalArgumentException("the bytes are on the heap, which moves them");
        }
        if (!bytes.scope().isAlive()) {
            return new IllegalStateException("the bytes were released already");
        }
        return bytes.isAccessibleBy(Thread.currentThread()) ? null
                : new IllegalStateException("the bytes belong to another thread alone");
    }
}
